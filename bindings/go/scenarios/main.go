// The scenarios in Go. usage: scenarios PLUGIN [REQUEST]...
// Answers each request, or each line of standard input, with one line of JSON: see bindings/scenarios.md.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"

	"pjrteasy/pjrt"
)

var pluginPath string

// request is what a scenario is given.
type request struct {
	name   string
	fields map[string]string
}

// reply is what it says.
type reply map[string]any

// stop ends a scenario as failed.
type stop struct{ why string }

func check(err error) {
	if err != nil {
		panic(stop{err.Error()})
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func (r *request) text(key string) string {
	value, ok := r.fields[key]
	if !ok {
		panic(stop{"no input " + key})
	}
	return value
}

func (r *request) has(key string) bool { _, ok := r.fields[key]; return ok }

func (r *request) number(key string) int { return must(strconv.Atoi(r.text(key))) }

func (r *request) floats(key string) []float32 {
	var out []float32
	for _, item := range strings.Fields(r.text(key)) {
		out = append(out, float32(must(strconv.ParseFloat(item, 64))))
	}
	return out
}

func (r *request) ints(key string) []int {
	var out []int
	for _, item := range strings.Fields(r.text(key)) {
		out = append(out, must(strconv.Atoi(item)))
	}
	return out
}

// code is the name of an error's code.
func code(err error) string { return pjrt.CodeOf(err).String() }

var scenarios = map[string]func(*request) reply{}

func answer(line string) {
	parts := strings.Split(line, "\t")
	r := &request{parts[0], map[string]string{}}
	for _, part := range parts[1:] {
		key, value, _ := strings.Cut(part, "=")
		r.fields[key] = value
	}
	out := reply{"scenario": r.name, "outcome": "ok"}
	run, ok := scenarios[r.name]
	if !ok && strings.HasPrefix(r.name, "dtype_") {
		run, ok = dtypeRoundTrip, true
	}
	if !ok {
		out["outcome"] = "unknown"
	} else {
		func() {
			defer func() {
				if s, ok := recover().(stop); ok {
					out = reply{"scenario": r.name, "outcome": "failed", "why": s.why}
				}
			}()
			maps.Copy(out, run(r))
		}()
	}
	os.Stdout.Write(append(must(json.Marshal(out)), '\n'))
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintf(os.Stderr, "usage: %s PLUGIN [REQUEST]...\n", os.Args[0])
		os.Exit(2)
	}
	pluginPath = os.Args[1]
	for _, line := range os.Args[2:] {
		answer(line)
	}
	if len(os.Args) > 2 {
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		answer(lines.Text())
	}
}
