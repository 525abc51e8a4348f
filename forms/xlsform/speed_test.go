package xlsform

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
)

// sharedForm returns the bytes of a real form that lies beside the project. In
// CI it must be there.
func sharedForm(t testing.TB, parts ...string) []byte {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, parts...)...)
	data, err := os.ReadFile(path)
	switch {
	case err == nil:
		return data
	case os.Getenv("CI") != "":
		t.Fatalf("the real form is missing: %v", err)
	}
	t.Skipf("the real forms are not beside the project: %v", err)
	return nil
}

// syntheticForm is a form of many questions with logic, and one long list, as
// CSV. It is made up.
func syntheticForm(questions, choices int) []byte {
	var b strings.Builder
	b.WriteString("survey\n,type,name,label,relevant,constraint,calculation\n")
	for i := range questions {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, ",select_one long,q%d,Question %d,,,\n", i, i)
		case 1:
			fmt.Fprintf(&b, ",integer,q%d,How many of ${q%d}?,${q%d} != '',. > 0 and . < 100,\n", i, i-1, i-1)
		case 2:
			fmt.Fprintf(&b, ",text,q%d,\"Words, number %d\",${q%d} > 3,,\n", i, i, i-1)
		default:
			fmt.Fprintf(&b, ",calculate,q%d,,,,${q%d} * 2\n", i, i-2)
		}
	}
	b.WriteString("choices\n,list_name,name,label,region\n")
	for i := range choices {
		fmt.Fprintf(&b, ",long,c%d,Choice %d,r%d\n", i, i, i%100)
	}
	return []byte(b.String())
}

// BenchmarkCompileFile reads, defines and writes one form from bytes in memory:
// the file named by WAYMARK_FORM, or a real form of the shared folder, for which
// pyxform 4.5.0 takes about 52 ms (Python 3.11). bench/pyxform/time.py sets the
// two against each other in one run.
func BenchmarkCompileFile(b *testing.B) {
	if path := os.Getenv("WAYMARK_FORM"); path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		benchmarkCompile(b, data)
		return
	}
	benchmarkCompile(b, sharedForm(b, "xlsforms", "socio-economic-survey-v20240515.xlsx"))
}

// The aim is under a second and 300 MB for each of the two at once.
func BenchmarkCompileLarge(b *testing.B) {
	benchmarkCompile(b, syntheticForm(5000, 100_000))
}

// benchmarkCompile reports the whole time, and how it divides into reading,
// defining and writing.
func benchmarkCompile(b *testing.B, data []byte) {
	b.ReportAllocs()
	var read, define, write time.Duration
	for b.Loop() {
		t0 := time.Now()
		book, err := workbook.Read(data)
		if err != nil {
			b.Fatal(err)
		}
		t1 := time.Now()
		form, err := definition.Read(book, definition.Options{})
		if err != nil {
			b.Fatal(err)
		}
		t2 := time.Now()
		if _, err := Write(form); err != nil {
			b.Fatal(err)
		}
		read, define, write = read+t1.Sub(t0), define+t2.Sub(t1), write+time.Since(t2)
	}
	n := float64(b.N) * 1e3
	b.ReportMetric(float64(read.Nanoseconds())/n, "read-µs/op")
	b.ReportMetric(float64(define.Nanoseconds())/n, "define-µs/op")
	b.ReportMetric(float64(write.Nanoseconds())/n, "write-µs/op")
}

// A large form stays within the limit on memory. Its time is BenchmarkCompileLarge.
func TestLargeFormWithinMemory(t *testing.T) {
	data := syntheticForm(5000, 100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	book, err := workbook.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compile(book, Options{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
	if allocated > 300 {
		t.Errorf("%d MB were allocated, more than 300", allocated)
	}
}

// Writing alone, on a real form.
func BenchmarkWrite(b *testing.B) {
	book, err := workbook.Read(sharedForm(b, "xlsforms", "socio-economic-survey-v20240515.xlsx"))
	if err != nil {
		b.Fatal(err)
	}
	form, err := definition.Read(book, definition.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		out, err := Write(form)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(out)))
	}
}
