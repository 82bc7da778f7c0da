"""`python -m bench`, which is what `make bench` calls."""

from bench.run import main

if __name__ == "__main__":
    main()
