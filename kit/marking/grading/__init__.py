"""Attempts are marked: jobs, executors, notebooks that run, reports."""
