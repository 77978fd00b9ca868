"""The training and playbook kit: playbooks that decide, lessons, exercises, marks."""
