"""Where settings are given, and which place wins."""

import pytest

from tests.acme import WORLD
from tests.plugin.project import MILLISECONDS, OF_ASYNCIO, Project

NATIVE_TOML = pytest.mark.skipif(
    not hasattr(pytest, "SubtestReport"), reason="pytest 9 brought lists and flags in TOML"
)


def test_the_marker_comes_before_the_seam_the_command_line_and_the_ini_file(project: Project) -> None:
    """Each place decides what no stronger one does."""
    project.ini(
        "usage_twin_world = idle",
        "usage_twin_now = 2026-01-01",
        "usage_twin_profile = observed",
        "usage_twin_policies = projects=separate error_id=on",
    )
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture
        def usage_twin_now():
            return "2026-01-03"

        @pytest.fixture
        def usage_twin_settings():
            return {"policies": {"error_id": "off", "unknown_project": "empty"}}
        """,
    )
    project.tests("""
        @pytest.mark.usage_twin(policies={"unknown_project": "not-found"}, now="2026-01-04")
        class TestMarked:
            @pytest.mark.usage_twin(now="2026-01-05")
            def test_nearer(self, usage_twin, _usage_twin_chosen):
                assert usage_twin.now.day == 5
                assert _usage_twin_chosen.world.name == "outage"
                assert _usage_twin_chosen.profile == "observed"
                assert _usage_twin_chosen.policies == {
                    "projects": "separate", "error_id": "off", "unknown_project": "not-found"
                }

            def test_marked(self, usage_twin):
                assert usage_twin.now.day == 4

        def test_unmarked(usage_twin, _usage_twin_chosen):
            assert usage_twin.now.day == 3
            assert _usage_twin_chosen.policies["unknown_project"] == "empty"
    """)

    result = project.run("--usage-twin-world=outage", "--usage-twin-now=2026-01-02")

    result.assert_outcomes(passed=3)


@pytest.mark.parametrize("native", [False, pytest.param(True, marks=NATIVE_TOML)])
def test_the_ini_file_may_be_of_any_kind(project: Project, *, native: bool) -> None:
    """An ini file gives text alone, TOML also lists and flags."""
    (project.pytester.path / "pytest.ini").unlink()
    values = '["projects=separate", "error_id=on"]' if native else '"projects=separate error_id=on"'
    project.write(
        "pyproject.toml",
        f"""
        [tool.pytest{"" if native else ".ini_options"}]
        addopts = {'["-p", "no:randomly"]' if native else '"-p no:randomly"'}
        {"asyncio_default_fixture_loop_scope = 'function'" if OF_ASYNCIO else ""}
        usage_twin_world = "idle"
        usage_twin_policies = {values}
        usage_twin_block_other_hosts = {"true" if native else '"yes"'}
        usage_twin_unused = "off"
        """,
    )
    project.tests("""
        import socket

        def test_set(usage_twin, _usage_twin_chosen):
            assert _usage_twin_chosen.world.name == "idle"
            assert _usage_twin_chosen.policies == {"projects": "separate", "error_id": "on"}
            with pytest.raises(OSError, match="block_other_hosts"):
                socket.create_connection(("example.com", 80))
    """)

    project.run().assert_outcomes(passed=1)


def test_a_world_s_file_is_looked_up_where_it_is_named(project: Project) -> None:
    """From the ini file's folder, from where pytest is started, and from the root folder in tests."""
    project.write("accounts/acme.yaml", WORLD)
    project.write("accounts/outage.yaml", WORLD.replace("name: acme", "name: ours"))
    project.ini("usage_twin_world = accounts/acme.yaml")
    project.tests(
        """
        def test_ini(_usage_twin_chosen):
            assert _usage_twin_chosen.world.name == "acme"

        @pytest.mark.usage_twin(world="accounts/outage.yaml")
        def test_marker(_usage_twin_chosen):
            assert _usage_twin_chosen.world.name == "ours"

        class TestSeam:
            @pytest.fixture
            def usage_twin_world(self):
                return "accounts/outage.yaml"

            def test_seam(self, _usage_twin_chosen):
                assert _usage_twin_chosen.world.name == "ours"
        """,
        name="accounts/test_here.py",
    )
    project.write("accounts/client.py", "")

    from_the_root = project.run()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.pytester.path / "accounts")
        from_the_folder = project.run()
        by_option = project.run("--usage-twin-world=outage.yaml", "-k", "ini")

    from_the_root.assert_outcomes(passed=3)
    from_the_folder.assert_outcomes(passed=3)
    by_option.assert_outcomes(failed=1)
    by_option.stdout.fnmatch_lines(["E *'ours' == 'acme'*"])


def test_a_mode_of_the_marker_holds_for_its_test(project: Project) -> None:
    """One test may be lenient in a strict project, and the other way round."""
    project.ini("usage_twin_requests = off")
    project.tests(f"""
        def test_lenient(usage_twin):
            client.ask("{MILLISECONDS}")

        @pytest.mark.usage_twin(requests="strict")
        def test_strict(usage_twin):
            client.ask("{MILLISECONDS}")
    """)

    project.run().assert_outcomes(passed=1, failed=1)


def test_other_hosts_are_blocked_for_the_test_that_says_so(project: Project) -> None:
    """The twin is reached, and so is this machine; the refusal names the setting."""
    project.tests("""
        import socket

        @pytest.mark.usage_twin(block_other_hosts=True)
        def test_blocked(usage_twin, usage_twin_url):
            with pytest.raises(OSError, match="'example.com' is blocked.*block_other_hosts"):
                socket.create_connection(("example.com", 80))
            assert client.ask().status_code == 200
            assert client.ask(url=f"{usage_twin_url}/api/v2/usage/observability/sessions").status_code == 200

        def test_free(usage_twin):
            with pytest.raises(OSError) as caught:
                socket.create_connection(("example.invalid", 80))
            assert "block_other_hosts" not in str(caught.value)
    """)

    project.run().assert_outcomes(passed=2)
