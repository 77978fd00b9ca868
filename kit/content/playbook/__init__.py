"""The playbook as an object: its tables, their order, and explanations."""
