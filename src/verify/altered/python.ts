// Alters a Python module so that what it defines is taken away, while it still loads: by a few lines at its end, or
// before it runs itself as a program.
import type { ExportAlteration } from "./javascript.ts";

const footer = (how: ExportAlteration) => `
def __altered(names, module, how):
    import inspect, types
    class Nothing:
        def __call__(self, *a, **k): return end()
        def __getattr__(self, name):
            if name.startswith("__"): raise AttributeError(name)
            return self
        def __getitem__(self, key): return self
        def __iter__(self): return iter(())
        def __len__(self): return 0
        def __bool__(self): return False
        def __enter__(self): return self
        def __exit__(self, *a): return False
    def end():
        if how == "throwing": raise RuntimeError("taken away")
    def function(value):
        if inspect.iscoroutinefunction(value):
            async def made(*a, **k): return end()
        elif inspect.isasyncgenfunction(value):
            async def made(*a, **k):
                end()
                return
                yield
        elif inspect.isgeneratorfunction(value):
            def made(*a, **k):
                end()
                return
                yield
        else:
            def made(*a, **k): return end()
        return made
    def member(value):
        if isinstance(value, staticmethod): return staticmethod(function(value.__func__))
        if isinstance(value, classmethod): return classmethod(function(value.__func__))
        if isinstance(value, property): return property(lambda self: end())
        return function(value) if inspect.isfunction(value) else None
    def emptied(cls):
        for name, value in list(vars(cls).items()):
            if name.startswith("__") and name not in ("__init__", "__call__"): continue
            try: setattr(cls, name, member(value))
            except Exception: pass
        return cls
    for name, value in list(names.items()):
        if name.startswith("__") or isinstance(value, types.ModuleType): continue
        if isinstance(value, type):
            if value.__module__ != module or issubclass(value, BaseException): continue
            names[name] = None if how == "missing" else emptied(value)
        elif inspect.isroutine(value) or hasattr(value, "__wrapped__"):
            if getattr(value, "__module__", None) != module: continue
            names[name] = None if how == "missing" else function(value)
        elif how == "missing" or value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
            names[name] = None
        elif isinstance(value, (list, tuple, dict, set, frozenset)):
            names[name] = type(value)() if type(value) in (list, tuple, dict, set, frozenset) else None
        else:
            names[name] = Nothing()
__altered(globals(), __name__, "${how}")
`;

/** The whole text of the altered module. */
export function alterPython(text: string, how: ExportAlteration): string {
  const program = /^if\s+__name__\s*==/m.exec(text)?.index ?? text.length;
  return `${text.slice(0, program)}${footer(how)}${text.slice(program)}`;
}
