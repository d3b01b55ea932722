"""What a test of an application does with a session of the public client, on a fake target."""

from inspect import signature

import atoti as tt
import pandas as pd

from connect_harness import SecurityConfig, SessionConfig, TargetSession

RESULT = {"Name": ["Oslo", "Rome"], "Size.SUM": [1, 3]}
MDX = "SELECT {[Measures].[Size.SUM]} ON 0, [City].[Name].[Name].Members ON 1 FROM [City]"

with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
    target.security.basic_authentication.credentials["admin"] = "passwd"
    target.security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
    cube = target.create_cube("City", measures=["Size.SUM"], levels=[("City", "Name", "Name")])
    cube.register(lambda mdx: RESULT if "Size.SUM" in mdx else None)

    session = tt.Session.connect(
        target.url, authentication=tt.BasicAuthentication("admin", "passwd")
    )
    # Older releases have other names for what newer ones call ``data_types`` and ``load``.
    parameters = signature(session.create_table).parameters
    data_types = "data_types" if "data_types" in parameters else "types"
    table = session.create_table(
        "City", **{data_types: {"Name": "String", "Size": "int"}}, keys=["Name"]
    )
    load = getattr(table, "load", None) or table.load_pandas
    load(pd.DataFrame({"Name": ["Paris", "Rome", "Oslo"], "Size": [2, 3, 1]}))
    print("large:", sorted(table.query(filter=table["Size"] > 1)["Name"]))
    table.drop(table["Name"] == "Paris")
    print("left:", target.tables["City"].rows)

    session.security.basic_authentication.credentials["pilot"] = "secret"
    session.security.individual_roles["pilot"] = {"ROLE_USER", "ROLE_PILOT"}
    print("pilot:", sorted(target.security.individual_roles["pilot"]))

    city = session.cubes["City"]
    print(city.query(city.measures["Size.SUM"], levels=[city.levels["Name"]]))
    print("by MDX:", session.query_mdx(MDX)["Size.SUM"].astype(int).tolist())
    session.close()
