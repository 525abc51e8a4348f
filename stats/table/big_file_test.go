package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// repeatedFile is a file made of a header and one block again and again, so that a
// big file needs no disk.
type repeatedFile struct {
	header, block []byte
	size          int64
}

func (f repeatedFile) ReadAt(b []byte, at int64) (int, error) {
	n := 0
	for n < len(b) && at < f.size {
		var from []byte
		if at < int64(len(f.header)) {
			from = f.header[at:]
		} else {
			from = f.block[(at-int64(len(f.header)))%int64(len(f.block)):]
		}
		c := copy(b[n:min(len(b), n+int(min(f.size-at, 1<<30)))], from)
		n += c
		at += int64(c)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func bigFile(blocks int) (repeatedFile, []Field, int) {
	const rows = 2000
	var block bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&block, "EMR,yes,%d,2016-10-%02d,TUR GRC,%s\n", 14+i%60, 1+i%28, "lower_secondary")
	}
	header := []byte("route,held,age,day,via,education\n")
	words := func(codes ...string) []Level {
		var l []Level
		for _, c := range codes {
			l = append(l, Level{Code: c})
		}
		return l
	}
	fields := []Field{
		{Name: "route", Kind: Category, Levels: words("EMR", "CMR")}, {Name: "held", Kind: Category, Levels: words("yes", "no")},
		{Name: "age", Kind: Number}, {Name: "day", Kind: Date}, {Name: "via", Kind: Set, Levels: words("TUR", "GRC")},
		{Name: "education", Kind: Category, Levels: words("lower_secondary")},
	}
	return repeatedFile{header, block.Bytes(), int64(len(header) + blocks*block.Len())}, fields, rows * blocks
}

// TestBigFile holds that memory is that of the columns plus a constant: what is
// allocated in all stays under the columns' bytes, their growth before the
// number of rows is known, and the buffer.
func TestBigFile(t *testing.T) {
	file, fields, rows := bigFile(500) // 47 MB
	var told int64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := ReadFrom(context.Background(), file, file.size, "big.csv", Options{Match: fixed(fields...), Progress: func(done, total int64) {
		if done < told || total != file.size {
			t.Errorf("progress went from %d to %d of %d", told, done, total)
		}
		told = done
	}})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if r.Table.Rows() != rows || told != file.size {
		t.Errorf("%d rows and %d bytes, expected %d and %d", r.Table.Rows(), told, rows, file.size)
	}
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(r.Table.Bytes()*6/5+4<<20); got > most {
		t.Errorf("%d bytes were allocated for columns of %d bytes, expected at most %d", got, r.Table.Bytes(), most)
	}
}

func TestReadingStopsWithTheContext(t *testing.T) {
	file, fields, _ := bigFile(500)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := ReadFrom(ctx, file, file.size, "big.csv", Options{Match: fixed(fields...), Progress: func(done, _ int64) {
		if done > 4<<20 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled reading gives %v", err)
	}
	cancel()
}
