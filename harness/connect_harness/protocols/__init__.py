"""What a target session answers, without a socket: from a request to its answer."""
