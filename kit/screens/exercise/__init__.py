"""Exams, quizzes and practice on screen."""
