"""Hypothesis strategies for scenarios and what is in them, for properties of your own.

Each gives plain data of ``connect_contracts.model.scenario``, the simplest first::

    from hypothesis import given
    from connect_contracts.model.clause import Profile
    from connect_contracts.search.strategies.generated import scenarios

    @given(scenarios(Profile.V6_2))
    def test_something(scenario): ...

Only ``generated``, ``contents`` and ``texts`` load Hypothesis; the ladder in ``covering`` does not.
"""
