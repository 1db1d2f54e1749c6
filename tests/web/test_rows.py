"""The rows of a list of tasks, and where they are on the page."""

from web_modules import run_module


def test_rows_that_follow_each_change_are_those_of_a_new_list() -> None:
    run_module("rows.mjs")
