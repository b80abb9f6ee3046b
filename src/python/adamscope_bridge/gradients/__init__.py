"""The ways to compute a gradient, each exact, and what they need of the user's code."""
