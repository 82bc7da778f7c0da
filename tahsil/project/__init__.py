"""Settings, addresses, the clock: what binds the layers into one program."""
