"""Work for an agent to do: questions about a case, and a session that answers them."""
