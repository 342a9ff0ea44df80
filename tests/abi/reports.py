"""TAP for the scripts of this folder: a line for each check, and what was wrong."""
count = failed = 0


def check(name, right, detail=""):
    global count, failed
    count += 1
    failed += not right
    # A number sign would begin a directive.
    print(f"ok {count} - {name}" if right else f"not ok {count} - {name} # {str(detail).replace('#', '')}")


def end():
    print(f"1..{count}")
    return 1 if failed else 0
