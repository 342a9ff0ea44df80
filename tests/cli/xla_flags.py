"""XLA ends the process over flags that it does not know; the command says which, and ends by itself."""
import functools

from harness import PLUGINS, Test, describe, expect, expect_failure, expect_success

KNOWN = "--xla_cpu_enable_fast_math=false"
UNKNOWN = "--xla_no_such_flag=1"
REFUSED = rf'pje_client_create: INVALID_ARGUMENT: XLA_FLAGS holds "{UNKNOWN}"'


def info(context, plugin, flags, **more):
    return context.run("info", "--json", "--plugin", plugin, env={"XLA_FLAGS": flags, "TF_CPP_MIN_LOG_LEVEL": "1", **more})


def check_plugin(context, plugin):
    path = PLUGINS / plugin / "libpjrt_cpu.so"
    expect_success(info(context, path, KNOWN))
    expect_success(info(context, path, f"{KNOWN} --xla_dump_to='{UNKNOWN} {UNKNOWN}'"))
    expect_failure(info(context, path, UNKNOWN), REFUSED)
    expect_failure(info(context, path, f"  {KNOWN} {UNKNOWN} {KNOWN}"), REFUSED)
    expect_failure(info(context, path, "-xla_dump_to=x"), 'XLA_FLAGS holds "-xla_dump_to=x"')
    # XLA stops reading at what is no flag.
    expect_success(info(context, path, f"{KNOWN} word {UNKNOWN}"))


def check_file(context, plugin):
    path = PLUGINS / plugin / "libpjrt_cpu.so"
    (context.folder / "flags").write_text(f"{KNOWN}\n")
    expect_success(info(context, path, "flags"))
    (context.folder / "flags").write_text(f"{KNOWN}\n{UNKNOWN}\n")
    expect_failure(info(context, path, "flags"), REFUSED)
    expect_failure(info(context, path, "no_such_file"), "no_such_file.*names a file of flags; it cannot be read")


def check_passed_on(context, plugin):
    outcome = info(context, PLUGINS / plugin / "libpjrt_cpu.so", UNKNOWN, PJE_CHECK_XLA_FLAGS="0", TF_CPP_MIN_LOG_LEVEL="0")
    expect(outcome.status != 0 and f"Unknown flag in XLA_FLAGS: {UNKNOWN}" in outcome.stderr, describe(outcome))


def check_fake(context):
    expect_success(info(context, context.fake, UNKNOWN))


def tests():
    for plugin in ("cpu-115", "cpu-106", "cpu-81"):
        for name, check in (("flags", check_plugin), ("file", check_file), ("passed_on", check_passed_on)):
            yield Test(f"xla_flags/{name}_{plugin.replace('-', '_')}", functools.partial(check, plugin=plugin))
    yield Test("xla_flags/not_read", check_fake)
