"""A playbook as an object: its tables, their order, and why they decide."""
