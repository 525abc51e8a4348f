package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// measureSync says how often a second this machine can append 4 KiB to a file in a
// folder and make it durable: for a second, or 20,000 times.
func measureSync(dir string) (float64, error) {
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf(".collect-%d", os.Getpid())))
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := make([]byte, 4<<10)
	from := time.Now()
	for n := 1; ; n++ {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := dataSync(f); err != nil {
			return 0, err
		}
		if took := time.Since(from); took > time.Second || n == 20_000 {
			return float64(n) / took.Seconds(), nil
		}
	}
}
