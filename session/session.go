package session

import (
	"context"
	"math/rand/v2"
	"time"

	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/player"
)

// mail is one thing for the session's goroutine: a command from outside, or what
// a worker or a timer wants done there.
type mail struct {
	cmd  Command
	then func()
}

// Session holds the accounts, the queue and what plays. Its exported methods may
// be called from any goroutine; everything else belongs to the goroutine of Run.
type Session struct {
	cfg    Config
	player *router
	store  Store
	box    *mailbox.Box[mail]
	ended  chan struct{} // closed when Run has returned

	emitter Emitter
	hearing hearing // who is in Listen, and what waits for it
	matches matches // what searches found for rows of charts

	// Owned by Run.
	ctx      context.Context // of this Run; for workers
	ending   bool
	rng      *rand.Rand
	subs     []*Subscription
	accounts []*account
	pool     pool
	queue    rows
	lastID   EntryID
	version  uint64
	context  music.Ref
	journal  journal
	giveUpOn context.CancelFunc // ends the resolving of the newest context
	jobs     map[JobID]*jobState
	lastJob  JobID
	view     []byte
	stale    map[music.Ref]struct{} // tracks that have changed, to be looked up soon
	greeting []Event                // what went wrong in New; every subscriber hears of it once
	vault    Vault                  // of accounts that have none of their own
	book     *book                  // edits that wait for their accounts
	// waitingSeen is the book's state that listeners know.
	waitingSeen bookState
	known       known      // what people did with accounts
	prefs       Settings   // bitrates and cache size; the others have their own places
	config      Settings   // what the config said of them
	ahead       []fetching // tracks that are fetched before they are needed

	replaying    int             // edits that waited and are being made
	configGain   player.GainMode // what the config said
	lastQuestion Ticket
	flushTimer   *time.Timer
	queueTimer   *time.Timer // the queue is kept with a service then

	play  playState
	saver saver

	playbackDirty, queueDirty, accountsDirty, settingsDirty bool
}

// New makes a session from cfg, which is copied. It starts nothing, but loads the
// saved state from the store (nil = keep none); one that cannot be read is told
// to every subscriber as a Notice, and the session begins empty. The account
// named local, if there is one, also gets reports of what the others played.
func New(cfg Config, p Player, store Store, accounts ...Account) *Session {
	seed := cfg.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	s := &Session{
		cfg: cfg, store: store,
		box:   mailbox.New[mail](),
		ended: make(chan struct{}),
		rng:   rand.New(rand.NewPCG(seed, seed^0x5e90e)),
		jobs:  map[JobID]*jobState{},
		pool:  newPool(),
		book:  &book{},
		stale: map[music.Ref]struct{}{},
	}
	s.player = newRouter(s, p)
	s.play.init(cfg)
	if cfg.Sink != nil && cfg.Log != nil {
		cfg.Sink.logTo(func(line string) { s.post(func() { cfg.Log(line) }) })
	}
	s.vault = cfg.Vault
	if s.vault == nil {
		s.vault = newMemoryVault()
	}
	s.takePreferences(cfg)
	s.takeAccounts(accounts)
	s.restore()
	return s
}

// Send gives the session something to do. It never blocks and never drops; what
// follows comes as events. After Run has ended it does nothing.
func (s *Session) Send(c Command) { s.box.Put(mail{cmd: c}) }

// post runs f on the session's goroutine.
func (s *Session) post(f func()) { s.box.Put(mail{then: f}) }

// Run works until ctx ends, then saves the state, stops its workers and closes
// the subscriptions. It runs once. The player runs beside it, by its own ctx.
func (s *Session) Run(ctx context.Context) error {
	defer close(s.ended)
	wctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.ctx = wctx
	s.greetPlayer()
	s.allowCharts()
	s.startAccounts() //nolint:contextcheck // what an account leads to counts plays, too: see below
	s.describeRestored()
	s.flush()
	for {
		select {
		case <-ctx.Done():
			s.finish(cancel) //nolint:contextcheck // the last play is counted after the end: see deliver
			return nil
		case <-s.box.Ready():
			for _, m := range s.box.Take() {
				s.player.hearFar() //nolint:contextcheck // what earlier mail led to is older than this; the rest as below
				s.handle(m)        //nolint:contextcheck // the songs of a list that a device plays are counted so, too
			}
		case <-s.player.local.Events().Ready():
			s.player.hearAll() //nolint:contextcheck // a play is counted even when ctx ends: see deliver
		case <-s.player.out.Ready():
			s.player.hearAll() //nolint:contextcheck // the same
		}
		s.flush()
	}
}

func (s *Session) handle(m mail) {
	if m.then != nil {
		m.then()
		return
	}
	if m.cmd != nil {
		s.do(m.cmd)
	}
}

// greetPlayer tells the player the settings that the session remembers.
func (s *Session) greetPlayer() {
	s.player.SetVolume(gainOf(s.play.volume))
	s.player.SetMute(s.play.muted)
	s.player.SetGain(s.gainMode(), s.cfg.PreampDB)
	s.player.SetCrossfade(s.cfg.Crossfade)
}

// finish ends a run: nothing new starts, the state is saved, and workers get a
// moment to stop; what they still answer is taken, so that opened sources close.
func (s *Session) finish(cancel context.CancelFunc) {
	s.player.hearAll()
	s.lastReport()
	s.hushFar()
	s.ending = true
	s.stopTimers()
	s.lastFlush()
	s.saveNow()
	s.saveKnownNow()
	s.flush()
	cancel()
	s.pool.wait(reportPatience)
	for _, m := range s.box.Take() {
		if m.then != nil {
			m.then()
		}
	}
	s.lastRemember()
	s.closeMade()
	for _, b := range s.subs {
		b.Close()
	}
	s.subs = nil
}

// flush tells once what has changed since the last time.
func (s *Session) flush() {
	if n := s.book.state(); n != s.waitingSeen {
		s.waitingSeen, s.accountsDirty = n, true
	}
	if s.accountsDirty {
		s.accountsDirty = false
		s.emit(AccountsChanged{Accounts: s.accountInfos()})
	}
	if s.settingsDirty {
		s.settingsDirty = false
		s.emit(SettingsChanged{Settings: s.settings()})
	}
	if s.queueDirty || s.playbackDirty {
		s.lookAhead()
		s.flushLater()
	}
	if s.queueDirty {
		s.queueDirty = false
		s.emit(QueueChanged{Queue: s.queueState()})
	}
	if s.playbackDirty {
		s.playbackDirty = false
		s.emit(PlaybackChanged{Playback: s.playback()})
	}
}

// do carries out one command.
func (s *Session) do(c Command) {
	if s.transport(c) || s.edit(c) || s.prefer(c) || s.deviceCommand(c) {
		return
	}
	s.library(c)
}
