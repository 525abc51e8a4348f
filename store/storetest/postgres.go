package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Server is a private PostgreSQL on a Unix socket, durable as it is by default.
type Server struct {
	bin, dir, socket string
	databases        atomic.Int64
}

var (
	oneServer   sync.Once
	server      *Server
	serverError error
)

const howToInstall = "install the server of PostgreSQL 13 or newer (Debian: apt-get install postgresql), " +
	"or name the folder of its programs in WAYMARK_POSTGRES_BIN"

// Postgres returns the server of this test binary, started at the first call and
// stopped by Stop. Where PostgreSQL is not installed the test fails in CI, and is
// skipped elsewhere.
func Postgres(t testing.TB) *Server {
	t.Helper()
	oneServer.Do(func() { server, serverError = StartServer() })
	if errors.Is(serverError, errNoPostgres) && os.Getenv("CI") == "" {
		t.Skip(serverError)
	}
	if serverError != nil {
		t.Fatal(serverError)
	}
	return server
}

// Stop ends the server, if there is one. Call it at the end of TestMain.
func Stop() {
	if server != nil {
		server.Stop()
		os.RemoveAll(server.dir)
	}
}

var errNoPostgres = errors.New("PostgreSQL is not installed: " + howToInstall)

// programs finds the folder of initdb and postgres, the newest if there are several.
func programs() (string, error) {
	if dir := os.Getenv("WAYMARK_POSTGRES_BIN"); dir != "" {
		return dir, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		slices.SortFunc(found, func(a, b string) int { return len(a)*1000 + strings.Compare(a, b) - len(b)*1000 })
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errNoPostgres
}

// StartServer makes a cluster in a new folder and starts it.
func StartServer() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	// Not under the test's own folder: the path of a socket has at most 107 bytes,
	// and PostgreSQL refuses to run as root, so that another user must reach it.
	dir, err := os.MkdirTemp("", "waymark-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, socket: dir}
	if err := own(dir); err != nil {
		return nil, err
	}
	if err := s.run("initdb", "-D", s.data(), "-U", "waymark", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"); err != nil {
		return nil, err
	}
	return s, s.Start()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Start starts the server and waits until it answers.
func (s *Server) Start() error {
	return s.run("pg_ctl", "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-w", "-t", "60",
		"-o", "-c listen_addresses= -k "+s.socket+" -c max_connections=200", "start")
}

// Stop ends it at once, as a crash does; nothing durable is lost.
func (s *Server) Stop() error {
	return s.run("pg_ctl", "-D", s.data(), "-m", "immediate", "-w", "stop")
}

func (s *Server) run(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	asOther(cmd)
	// A file and not a pipe: the server inherits it and would keep a pipe open.
	out, err := os.CreateTemp(s.dir, name)
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

// Database makes an empty database and returns its URL.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t%d_%d", os.Getpid(), s.databases.Add(1))
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db, err := sql.Open("pgx", s.url("postgres"))
		if err == nil {
			db.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
			db.Close()
		}
	})
	return s.url(name)
}

func (s *Server) url(name string) string {
	u := url.URL{Scheme: "postgres", User: url.User("waymark"), Path: "/" + name, RawQuery: url.Values{"host": {s.socket}}.Encode()}
	return u.String()
}
