"""The statements of the hot paths: named, built once, each with the tenant as a bound parameter.

An ORM statement written where it is used costs ten times as much as a prebuilt one, because it is
built, given its tenant and looked up in the cache on every call. Statements that run often are
therefore here, one file per subject; a test reads every statement and fails if one of its tables is
not restricted to the tenant.
"""
