"""Hypothesis strategies for scenarios and their parts, for properties of your own.

Each gives plain data of ``connect_contracts.model.scenario``, the plainest first::

    from hypothesis import given
    from connect_contracts.model.clause import Profile
    from connect_contracts.search.strategies.generated import scenarios

    @given(scenarios(Profile.V6_2))
    def test_something(scenario): ...

The state machine is ``machine.machine``. Only the modules that draw load Hypothesis: the ladder in
``covering`` and the dimensions in ``classifying`` do without it.
"""
