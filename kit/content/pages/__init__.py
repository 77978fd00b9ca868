"""How a playbook is read from its page, section by section."""
