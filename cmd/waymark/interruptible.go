package main

import (
	"context"
	"io"
)

// interruptible reads until the context ends: a read from a terminal would wait
// for a line however often the person presses Ctrl-C. The read that was begun is
// left behind; the program is about to end.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	type outcome struct {
		data []byte
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		data := make([]byte, len(p))
		n, err := r.in.Read(data)
		done <- outcome{data[:n], err}
	}()
	select {
	case <-r.ctx.Done():
		return 0, io.EOF
	case o := <-done:
		return copy(p, o.data), o.err
	}
}
