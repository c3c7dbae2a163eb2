"""Roles, the table of permissions, and the name under which something is done."""

import pytest

from datacenter_docs.domain.access import (
    LEAST_ROLE,
    MEANINGS,
    Login,
    Permission,
    Principal,
    Role,
    acting_name,
    at_least,
    highest,
    is_reserved,
)
from datacenter_docs.domain.errors import Forbidden, Invalid

RISING = [Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.ADMIN]


def somebody(role: Role = Role.OPERATOR, name: str = "ann") -> Principal:
    return Principal(name=name, role=role, login=Login.TOKEN)


def test_the_roles_rise_in_one_line():
    assert list(Role) == RISING
    for rank, role in enumerate(RISING):
        assert [at_least(role, least) for least in RISING] == [i <= rank for i in range(4)]


def test_every_permission_has_a_role_and_a_meaning():
    assert LEAST_ROLE.keys() == MEANINGS.keys() == set(Permission)


def test_whoever_may_more_may_all_that_others_may():
    for permission in Permission:
        may = [somebody(role).may(permission) for role in RISING]

        assert may == sorted(may), permission
        assert may[-1]


@pytest.mark.parametrize(
    ("permission", "least"),
    [
        (Permission.READ, Role.VIEWER),
        (Permission.SUBMIT_TICKETS, Role.OPERATOR),
        (Permission.STOP, Role.OPERATOR),
        (Permission.RESUME, Role.APPROVER),
        (Permission.APPROVE, Role.APPROVER),
        (Permission.GOVERN, Role.ADMIN),
        (Permission.MANAGE_TOKENS, Role.ADMIN),
    ],
)
def test_what_matters_most_needs_the_role_that_was_promised(permission: Permission, least: Role):
    assert next(role for role in RISING if somebody(role).may(permission)) is least


def test_a_refusal_names_the_permission_and_the_role():
    with pytest.raises(Forbidden, match="ann is viewer, and this needs the role approver") as told:
        somebody(Role.VIEWER).must(Permission.APPROVE)

    assert told.value.details == {"permission": "plans.approve", "role_needed": "approver"}


def test_the_highest_of_no_roles_is_none():
    assert highest(frozenset()) is None
    assert highest(frozenset({Role.APPROVER, Role.VIEWER})) is Role.APPROVER


def test_without_authentication_a_name_is_what_the_caller_says():
    assert acting_name(None, "bob", "actor") == "bob"
    with pytest.raises(Invalid, match="approver: is missing"):
        acting_name(None, None, "approver")


@pytest.mark.parametrize("said", [None, "anonymous", "ann", " ANN "])
def test_with_a_login_the_name_is_the_logins(said: str | None):
    assert acting_name(somebody(), said, "actor") == "ann"


@pytest.mark.parametrize("said", ["bob", "an", "ann2", "system"])
def test_another_name_than_the_logins_is_refused(said: str):
    with pytest.raises(Forbidden, match="logged in as ann") as told:
        acting_name(somebody(), said, "approver")

    assert told.value.details == {"field": "approver"}


@pytest.mark.parametrize("name", ["system", "Anonymous", " SYSTEM "])
def test_the_journals_own_names_are_nobodys(name: str):
    assert is_reserved(name)
    assert not is_reserved("ann")
