"""Runs the user's Python losses for Adamscope, in a process of their own.

Standard library only, Python 3.9 or newer. ``serve`` answers the requests of the job; ``program`` is one loading of the
user's modules; ``gradients`` computes the gradient in the way that the loss allows.
"""
