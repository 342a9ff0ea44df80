package pjrt_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pjrteasy/pjrt"
)

var ctx = context.Background()

const addOne = `module @add_one {
  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
}`

const addMultiply = `module @add_multiply {
  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
    %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>
    %1 = stablehlo.multiply %arg0, %arg1 : tensor<4xf32>
    return %0, %1 : tensor<4xf32>, tensor<4xf32>
  }
}`

func buildFolder() string {
	if folder := os.Getenv("BUILD"); folder != "" {
		return folder
	}
	folder, _ := filepath.Abs("../../../build")
	return folder
}

func fakePath() string { return filepath.Join(buildFolder(), "libpjrt_fake.so") }

func testPrograms() string {
	folder, _ := filepath.Abs("../../../tests/programs")
	return folder
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func openFake(t testing.TB) *pjrt.Client {
	t.Helper()
	c, err := pjrt.Open(fakePath(), &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 4}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func compileText(t testing.TB, c *pjrt.Client, text string) *pjrt.Executable {
	t.Helper()
	program, err := pjrt.NewProgram(text)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	exe, err := c.Compile(program, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(exe.Close)
	return exe
}

// withFake runs the test again in a process of its own, under controls of the fake plugin: true in that process. Where
// there is an after, it is given the lines of the plugin's log that tell of live objects.
func withFake(t *testing.T, controls string, after func(live []string)) bool {
	if os.Getenv("PJRT_GO_CHILD") == t.Name() {
		return true
	}
	log := filepath.Join(t.TempDir(), "log")
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	if after != nil {
		controls += ";log=" + log
	}
	child.Env = append(os.Environ(), "PJRT_GO_CHILD="+t.Name(), "PJRT_FAKE="+controls)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	if after != nil {
		var live []string
		for _, line := range strings.Split(string(must(os.ReadFile(log))), "\n") {
			if strings.HasPrefix(line, "LIVE ") {
				live = append(live, line)
			}
		}
		after(live)
	}
	return false
}

func status(t testing.TB, key string) string {
	for _, line := range strings.Split(string(must(os.ReadFile("/proc/self/status"))), "\n") {
		if value, ok := strings.CutPrefix(line, key+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("no %s", key)
	return ""
}

func getenv(key, otherwise string) string {
	if value := os.Getenv(key); value != "" {
		return value
	}
	return otherwise
}

// clientGone reports whether the fake plugin, which logs to the file that its controls name, has destroyed a client.
func clientGone() bool {
	_, log, _ := strings.Cut(os.Getenv("PJRT_FAKE"), "log=")
	return strings.Contains(string(must(os.ReadFile(log))), "PJRT_Client_Destroy ok")
}
