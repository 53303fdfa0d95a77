"""The statements of the hot paths: named, built once, each with the tenant as a bound parameter.

An ORM statement written where it is used costs ten times one that is ready: it is built, given its
tenant and looked up anew each time. What runs often is therefore here, one file a subject, and a
test reads every statement and fails when one of its tables is not held to the tenant.
"""
