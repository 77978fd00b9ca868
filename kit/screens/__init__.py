"""All that a person sees in a lesson, and nothing that decides."""
