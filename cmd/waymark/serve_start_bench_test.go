package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// settled is how long after the first answer the server counts as idle.
const settled = 2 * time.Second

// BenchmarkStart starts the program as a person would and asks for the sign-in page
// until it answers: over an empty folder, where keys and tables are made, and over the
// same folder again. It reports what is resident in memory when it is settled, and the
// part of it that is not pages of files (Linux).
func BenchmarkStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "waymark")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var first, later time.Duration
	memory := map[string]int{}
	for b.Loop() {
		data := filepath.Join(b.TempDir(), "data")
		first += startOnce(b, program, data, nil)
		later += startOnce(b, program, data, memory)
	}
	n := float64(b.N)
	b.ReportMetric(float64(first.Microseconds())/1000/n, "first-ms")
	b.ReportMetric(float64(later.Microseconds())/1000/n, "later-ms")
	b.ReportMetric(float64(memory["VmRSS"])/1024/n, "resident-MiB")
	b.ReportMetric(float64(memory["RssAnon"])/1024/n, "not-of-files-MiB")
}

func startOnce(b *testing.B, program, data string, memory map[string]int) time.Duration {
	b.Helper()
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := port.Addr().String()
	if err := port.Close(); err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	server := exec.CommandContext(b.Context(), program, "serve", "--data", data, "--listen", address)
	server.WaitDelay = 10 * time.Second
	says, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	// It says where it is once its port is open.
	lines := bufio.NewScanner(says)
	if !lines.Scan() {
		b.Fatal("the server said nothing")
	}
	reply, err := http.Get("http://" + address + "/sign-in")
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.Copy(io.Discard, reply.Body)
	_ = reply.Body.Close()
	if err != nil || reply.StatusCode != http.StatusOK {
		b.Fatalf("answered %d, %v", reply.StatusCode, err)
	}
	took := time.Since(begun)
	if memory != nil {
		// What is measured is idleness: nothing tells when it has begun.
		<-time.After(settled)
		status, _ := os.ReadFile("/proc/" + strconv.Itoa(server.Process.Pid) + "/status")
		for line := range strings.Lines(string(status)) {
			name, value, _ := strings.Cut(line, ":")
			kib, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
			memory[name] += kib
		}
	}
	if err := server.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}
