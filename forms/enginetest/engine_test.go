package enginetest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// step is one thing that a person does.
type step struct {
	Path  string `json:"path"`
	Value string `json:"value"`
	Add   int    `json:"add,omitempty"` // instances of the repeat at Path
}

// request is what engine.mjs reads.
type request struct {
	XForm string            `json:"xform"`
	Files map[string]string `json:"files,omitempty"`
	Steps []step            `json:"steps"`
}

// answer is what it writes.
type answer struct {
	Error   string `json:"error"`
	Refused []struct {
		Path string `json:"path"`
		Why  string `json:"why"`
	} `json:"refused"`
	Nodes []struct {
		Path     string   `json:"path"`
		Kind     string   `json:"kind"`
		Value    *string  `json:"value"`
		Relevant bool     `json:"relevant"`
		Required bool     `json:"required"`
		Choices  []string `json:"choices"`
	} `json:"nodes"`
	Violations []string `json:"violations"`
	XML        string   `json:"xml"`
}

// engine is one running engine.mjs.
type engine struct {
	in  io.Writer
	out *bufio.Reader
}

// start runs the engine that .ci/tools fetches.
func start(t *testing.T) *engine {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join("..", "..", ".cache", "engine"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "ready")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the engine is not there: .ci/tools fetches it")
		}
		t.Skip("needs ODK's engine: run .ci/tools once, which fetches it with npm")
	}
	node := filepath.Join(modules, "node", "node_modules", "node", "bin", "node")
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	cmd := exec.Command(node, "engine.mjs", modules)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return &engine{in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

// fill has the engine fill a form.
func (e *engine) fill(r request) (answer, error) {
	var a answer
	line, err := json.Marshal(r)
	if err != nil {
		return a, err
	}
	if _, err := e.in.Write(append(line, '\n')); err != nil {
		return a, fmt.Errorf("the engine stopped: %w", err)
	}
	if line, err = e.out.ReadBytes('\n'); err != nil {
		return a, fmt.Errorf("the engine stopped: %w", err)
	}
	return a, json.Unmarshal(line, &a)
}
