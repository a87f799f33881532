"""The read side: what pages and commands show, with the audience inside every query."""
