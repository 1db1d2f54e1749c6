"""`python -m doable`."""

from doable.cli import main

if __name__ == "__main__":
    main(prog_name="doable")
