// Text of a Python module that every Python process of a run loads first: it writes which lines of the tree ran.

/** Where the traces go. */
export const traceVariable = "LINE_TRACE_DIR";

export const traceHook = `import atexit, json, os, sys, threading
_dir = os.environ.get("${traceVariable}")
_root = os.environ.get("LINE_TRACE_MARK", "/tree/")
_seen = {}
def _local(frame, event, arg):
    if event == "line":
        _seen.setdefault(frame.f_code.co_filename, set()).add(frame.f_lineno)
    return _local
_ours = {}
def _global(frame, event, arg):
    name = frame.f_code.co_filename
    ours = _ours.get(name)
    if ours is None:
        path = os.path.abspath(name)
        ours = _ours[name] = _root in path and "/site-packages/" not in path
    if not ours:
        return None
    _seen.setdefault(name, set()).add(frame.f_lineno)
    return _local
def _write():
    sys.settrace(None)
    found = {os.path.abspath(name): sorted(lines) for name, lines in _seen.items()}
    with open(os.path.join(_dir, "python-%d.json" % os.getpid()), "w") as out:
        json.dump(found, out)
if _dir:
    atexit.register(_write)
    threading.settrace(_global)
    sys.settrace(_global)
`;
