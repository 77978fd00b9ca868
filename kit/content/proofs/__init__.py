"""Proofs of whole pages: complete, no overlap, one action, borders tried."""
