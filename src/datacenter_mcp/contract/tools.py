"""The tools of every platform server: names and arguments.

Read tools (always listed, `readOnlyHint`):

- `list_resources(kind=None, parent=None, cursor=None, limit=200) -> ResourcePage`
- `describe_resource(id) -> Resource`
- `get_health(id=None) -> Health` (None: the connection as a whole)
- `get_metrics(id) -> MetricsReport`
- `get_payloads(hashes) -> PayloadBunch` (raw answers that were read a moment ago, without secrets)
- `list_operations(target=None) -> OperationOffers` (None: what can be done to anything of the connection)
- `look(operation, target, parameters={}) -> Look`

Write tools, one per operation and listed only when writes are allowed:

- `<operation>(target, parameters={}, idempotency_key, dry_run=False) -> OperationResult`

A room may add read tools of its own; they carry `readOnlyHint` and stay outside the contract.
"""

LIST_RESOURCES = "list_resources"
DESCRIBE_RESOURCE = "describe_resource"
GET_HEALTH = "get_health"
GET_METRICS = "get_metrics"
GET_PAYLOADS = "get_payloads"
LIST_OPERATIONS = "list_operations"
LOOK = "look"

READ_TOOLS = (
    LIST_RESOURCES,
    DESCRIBE_RESOURCE,
    GET_HEALTH,
    GET_METRICS,
    GET_PAYLOADS,
    LIST_OPERATIONS,
    LOOK,
)
PAGE_LIMIT = 1_000
"""The largest `limit` that a server honours; more is cut to this. Also the most hashes of one `get_payloads`."""
