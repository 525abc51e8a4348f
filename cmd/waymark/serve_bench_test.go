package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
	"waymark/store/storetest"
)

// BenchmarkCollect sends interviews of the built-in questionnaire to the whole
// server over loopback, each stored durably, sealed, in the audit, and checked
// behind. Peer: ODK Central (Node 24, PostgreSQL 15) on a machine of two cores
// takes 70-90, 141-149 and 161-195 a second with 1, 4 and 16 connections (p99 30,
// 63 and 150 ms). The client runs in the same process, on the same cores.
// BenchmarkSync says what the disk can do. WAYMARK_DATABASE_URL chooses PostgreSQL.
func BenchmarkCollect(b *testing.B) {
	for _, connections := range []int{1, 4, 16} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			ownDatabase(b)
			r := newRunning(b)
			w := newWorld(b, r.house.db, openrosa.NewToken)
			bodies := make([][]byte, b.N)
			boundaries := make([]string, b.N)
			size := 0
			for i, d := range interviews(b, b.N) {
				bodies[i], boundaries[i] = phonetest.Body(d.XML, nil, false)
				size += len(d.XML)
			}
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
			address := r.server.Base + "/key/" + w.token + "/submission"
			took := make([]time.Duration, b.N)
			var next atomic.Int64
			var group sync.WaitGroup
			b.ResetTimer()
			for range connections {
				group.Go(func() {
					for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
						begun := time.Now()
						request, err := http.NewRequest("POST", address, bytes.NewReader(bodies[i]))
						if err != nil {
							b.Error(err)
							return
						}
						request.Header.Set("Content-Type", "multipart/form-data; boundary="+boundaries[i])
						request.Header.Set("X-OpenRosa-Version", "1.0")
						reply, err := client.Do(request)
						if err != nil {
							b.Error(err)
							return
						}
						_, err = io.Copy(io.Discard, reply.Body)
						_ = reply.Body.Close()
						if err != nil || reply.StatusCode != http.StatusCreated {
							b.Errorf("answered %d, %v", reply.StatusCode, err)
							return
						}
						took[i] = time.Since(begun)
					}
				})
			}
			group.Wait()
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(size)/float64(b.N), "bytes/document")
		})
	}
}

// ownDatabase makes a database for one run where WAYMARK_DATABASE_URL names a
// PostgreSQL.
func ownDatabase(b *testing.B) {
	b.Helper()
	server := os.Getenv("WAYMARK_DATABASE_URL")
	if server == "" {
		return
	}
	at, err := url.Parse(server)
	if err != nil {
		b.Fatal("WAYMARK_DATABASE_URL is no address")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	name := "waymark_bench_" + ids.New().String()
	if _, err := db.ExecContext(b.Context(), "CREATE DATABASE "+name); err != nil {
		b.Fatal(err)
	}
	at.Path = "/" + name
	b.Setenv("WAYMARK_DATABASE_URL", at.String())
}

// BenchmarkSync is what the disk can do for one writer.
func BenchmarkSync(b *testing.B) { storetest.Sync(b) }
