package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// Plugin is a loaded PJRT plugin. Loading one runs its code with the rights of the process; it is never unloaded.
type Plugin struct{ handle[*C.pje_plugin] }

// PluginOptions say how to find and check a plugin.
type PluginOptions struct {
	SHA256      string   // 64 hex digits that the file must have; "" for any
	SearchPaths []string // folders looked at first for a bare name
}

var plugins = newClass(func(raw *C.pje_plugin) { C.pje_plugin_release(raw) })

func newPlugin(raw *C.pje_plugin) *Plugin {
	p := new(Plugin)
	p.own(raw, plugins)
	return p
}

// LoadPlugin loads a plugin by its path (with a slash) or its name, such as "cpu". Options may be nil.
func LoadPlugin(nameOrPath string, options *PluginOptions) (*Plugin, error) {
	if options == nil {
		options = &PluginOptions{}
	}
	name := C.CString(nameOrPath)
	defer C.free(unsafe.Pointer(name))
	var sha *C.char
	if options.SHA256 != "" {
		sha = C.CString(options.SHA256)
		defer C.free(unsafe.Pointer(sha))
	}
	paths := make([]*C.char, len(options.SearchPaths)+1)
	for i, path := range options.SearchPaths {
		paths[i] = C.CString(path)
		defer C.free(unsafe.Pointer(paths[i]))
	}
	var raw *C.pje_plugin
	if err := result(C.bridge_plugin_load(name, sha, &paths[0], C.size_t(len(options.SearchPaths)), &raw)); err != nil {
		return nil, err
	}
	return newPlugin(raw), nil
}

// PluginFromAPI wraps a function table that is there already: a `const PJRT_Api *` that lives as long as the process.
func PluginFromAPI(api unsafe.Pointer) (*Plugin, error) {
	var raw *C.pje_plugin
	if err := result(C.pje_plugin_from_api(api, &raw)); err != nil {
		return nil, err
	}
	return newPlugin(raw), nil
}

// Path is the absolute path of the plugin's file.
func (p *Plugin) Path() string {
	defer runtime.KeepAlive(p)
	return C.GoString(C.pje_plugin_path(p.raw))
}

// APIVersion is the version of the PJRT API that the plugin was built with.
func (p *Plugin) APIVersion() (major, minor int) {
	defer runtime.KeepAlive(p)
	return int(C.pje_plugin_api_major(p.raw)), int(C.pje_plugin_api_minor(p.raw))
}

// HasFunction reports whether the plugin's table holds a function, such as "PJRT_Buffer_Bitcast".
func (p *Plugin) HasFunction(name string) bool {
	defer runtime.KeepAlive(p)
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return bool(C.pje_plugin_has_function(p.raw, text))
}

// HasExtension reports whether the plugin has an extension of a type.
func (p *Plugin) HasExtension(extensionType int) bool {
	defer runtime.KeepAlive(p)
	return bool(C.pje_plugin_has_extension(p.raw, C.int32_t(extensionType)))
}

// Extension is one extension of a plugin.
type Extension struct {
	Type int
	Name string // "" when it is not known
	Size int    // of its struct, in bytes
}

// Extensions lists the plugin's extensions.
func (p *Plugin) Extensions() []Extension {
	defer runtime.KeepAlive(p)
	out := make([]Extension, C.pje_plugin_num_extensions(p.raw))
	for i := range out {
		var kind C.int32_t
		var name *C.char
		var size C.size_t
		if C.pje_plugin_extension(p.raw, C.size_t(i), &kind, &name, &size) {
			out[i] = Extension{int(kind), C.GoString(name), int(size)}
		}
	}
	return out
}

// Attributes are what the plugin says of itself, such as "xla_version".
func (p *Plugin) Attributes() *Values {
	defer runtime.KeepAlive(p)
	return lentValues(C.pje_plugin_attributes(p.raw), p)
}

// API is the plugin's own `const PJRT_Api *`, for what this package does not know.
func (p *Plugin) API() unsafe.Pointer {
	defer runtime.KeepAlive(p)
	return unsafe.Pointer(C.pje_plugin_api(p.raw))
}

// RawExtension is the first extension of a type as the plugin made it, or nil.
func (p *Plugin) RawExtension(extensionType int) unsafe.Pointer {
	defer runtime.KeepAlive(p)
	return unsafe.Pointer(C.pje_plugin_raw_extension(p.raw, C.int32_t(extensionType)))
}

// Functions lists every function of the newest PJRT table that the library knows.
func Functions() []string {
	out := make([]string, C.pje_num_functions())
	for i := range out {
		out[i] = C.GoString(C.pje_function_name(C.size_t(i)))
	}
	return out
}
