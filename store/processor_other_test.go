//go:build !linux

package store_test

import "time"

func processorTime() time.Duration { return 0 }
