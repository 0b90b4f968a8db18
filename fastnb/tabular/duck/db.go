package duck

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/fastnb/fastnb/internal/verb"
)

// DB is a DuckDB database in memory. Its methods may be called from several goroutines; they wait for each other.
type DB struct {
	verb sync.Mutex // held, before mu, by the verbs that take several statements
	mu   sync.Mutex // held by a statement
	base mapping.Database
	conn mapping.Connection
	temp string // folder for what does not fit into memory; DuckDB makes it when it needs it
	open bool
}

// OpenOption is an option of Open.
type OpenOption interface{ open(settings) }

type openOption func(settings)

func (o openOption) open(s settings) { o(s) }

// Memory is the most memory that DuckDB may use, such as "8GB"; what does not fit goes to a temporary folder. Default
// 4GB.
func Memory(size string) OpenOption { return openOption(func(s settings) { s["memory_limit"] = size }) }

// Threads is the number of threads. Default: GOMAXPROCS.
func Threads(n int) OpenOption {
	return openOption(func(s settings) { s["threads"] = strconv.Itoa(n) })
}

type settings map[string]string

// opened counts the databases of this program.
var opened atomic.Int64

var errClosed = errors.New("the database is closed")

// Open opens an empty database. It loads nothing from the network.
func Open(opts ...OpenOption) (db *DB, err error) {
	defer verb.Name(&err, "duck: Open")
	temp := filepath.Join(os.TempDir(), fmt.Sprintf("fastnb-duck-%d-%d", os.Getpid(), opened.Add(1)))
	s := settings{
		"memory_limit":                 "4GB",
		"threads":                      strconv.Itoa(runtime.GOMAXPROCS(0)),
		"temp_directory":               temp,
		"autoinstall_known_extensions": "false",
		"autoload_known_extensions":    "false",
	}
	for _, o := range opts {
		o.open(s)
	}
	db = &DB{temp: temp}
	if err := db.start(s); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) start(s settings) error {
	config, err := s.config()
	if err != nil {
		return err
	}
	defer mapping.DestroyConfig(&config)
	var message string
	if mapping.OpenExt("", &db.base, config, &message) == mapping.StateError {
		return errors.New(message)
	}
	if mapping.Connect(db.base, &db.conn) == mapping.StateError {
		mapping.Close(&db.base)
		return errors.New("DuckDB gives no connection")
	}
	db.open = true
	return db.run("SET TimeZone = 'UTC'")
}

func (s settings) config() (mapping.Config, error) {
	var config mapping.Config
	if mapping.CreateConfig(&config) == mapping.StateError {
		return config, errors.New("DuckDB gives no configuration")
	}
	for name, value := range s {
		if mapping.SetConfig(config, name, value) == mapping.StateError {
			mapping.DestroyConfig(&config)
			return config, fmt.Errorf("DuckDB takes no %s of %q", name, value)
		}
	}
	return config, nil
}

// Close closes the database and frees its memory. A second Close does nothing.
func (db *DB) Close() (err error) {
	defer verb.Name(&err, "duck: Close")
	db.mu.Lock()
	defer db.mu.Unlock()
	if !db.open {
		return nil
	}
	db.open = false
	mapping.Disconnect(&db.conn)
	mapping.Close(&db.base)
	return os.RemoveAll(db.temp)
}
