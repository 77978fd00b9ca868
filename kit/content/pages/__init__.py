"""Read a playbook page, section by section."""
