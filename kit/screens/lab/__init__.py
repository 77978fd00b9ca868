"""JupyterLab around the lessons."""
