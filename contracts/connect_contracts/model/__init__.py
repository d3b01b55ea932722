"""Plain data: clauses, scenarios, observations, evidence, verdicts."""
