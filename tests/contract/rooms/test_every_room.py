"""Every room can be served by its name, whatever it lacks to speak to its platform."""

import pytest

from datacenter_mcp.__main__ import ROOMS, arguments, open_room
from datacenter_mcp.contract.errors import InvalidRequest


@pytest.mark.parametrize("name", ROOMS)
def test_the_command_line_knows_every_room(name: str):
    assert arguments(["serve", name, "--connection", "lab"]).platform == name


@pytest.mark.parametrize("name", ROOMS)
def test_wrong_settings_are_told_before_anything_is_connected(name: str):
    with pytest.raises(InvalidRequest, match="nonsense"):
        open_room(name, "lab", {"nonsense": 1})
