package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/config"
	"segue/player/device"
)

// finding is one line of the doctor's report.
type finding struct {
	Part   string `json:"part"`
	Status string `json:"status"` // ok, warning, failure
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
}

// The statuses of a finding.
const (
	good    = "ok"
	warning = "warning"
	failure = "failure"
)

func doctorCommand(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check audio, decoders, terminal, folders, config, caches and accounts, and say what to do",
		Long:  "Check audio, decoders, terminal, folders, config, caches and accounts, and say what to do.\nExit 1 if something fails; warnings are no failure.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, folders, err := g.load()
			if err != nil {
				return err
			}
			var all []finding
			all = append(all, audio()...)
			all = append(all, decoders()...)
			all = append(all, terminal(g)...)
			all = append(all, places(cfg, folders)...)
			all = append(all, settings(cfg)...)
			all = append(all, stores(cmd.Context(), cfg, folders)...)
			accounts, err := g.accountsOf(cmd.Context())
			if err != nil {
				return err
			}
			all = append(all, accounts...)
			return g.report(all, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (g *global) report(all []finding, asJSON bool) error {
	if asJSON {
		if err := g.writeJSON(all); err != nil {
			return err
		}
	} else if err := g.printReport(all); err != nil {
		return err
	}
	failed := 0
	for _, f := range all {
		if f.Status == failure {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("doctor: %d FAIL", failed)
	}
	return nil
}

func (g *global) printReport(all []finding) error {
	mark := map[string]string{good: "ok  ", warning: "warn", failure: "FAIL"}
	for _, f := range all {
		if err := g.printf("%s  %-9s %s\n", mark[f.Status], f.Part, f.Text); err != nil {
			return err
		}
		if f.Advice == "" {
			continue
		}
		if err := g.printf("%16s%s\n", "", f.Advice); err != nil {
			return err
		}
	}
	return nil
}

// audio opens the sound card for a moment. No card is a warning: the player then
// keeps time in silence.
func audio() []finding {
	r := device.Probe(device.OtoOptions{})
	if r.Err != nil {
		advice := r.Advice
		if advice == "" {
			advice = "Segue plays silently until there is one; --output wav:FILE writes a file instead."
		}
		return []finding{{"audio", warning, r.Err.Error(), advice}}
	}
	text := fmt.Sprintf("%s at %d Hz, open after %d ms, playing after %d ms",
		r.Device, r.Format.Rate, r.Opening.Milliseconds(), (r.Opening + r.Playing).Milliseconds())
	if len(r.Servers) > 0 {
		text += ", " + strings.Join(r.Servers, " and ")
	}
	return []finding{{"audio", good, text, r.Advice}}
}

func decoders() []finding {
	all := []finding{{Part: "decoders", Status: good, Text: "FLAC, Ogg Vorbis, Opus, MP3, WAV and AIFF are built in"}}
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return append(all, finding{"decoders", warning, "ffmpeg is not installed: AAC, ALAC, WMA, WavPack and others cannot be played",
			"Install it: apt install ffmpeg, dnf install ffmpeg-free, pacman -S ffmpeg, brew install ffmpeg."})
	}
	return append(all, finding{Part: "decoders", Status: good, Text: "all else through " + path})
}

func terminal(g *global) []finding {
	var all []finding
	if !g.hasTerminal() {
		all = append(all, finding{"terminal", warning, "standard input and output are no terminal", "segue alone would take commands as lines (--plain)."})
	} else if w, h, err := term.GetSize(g.io.Out.Fd()); err == nil {
		f := finding{Part: "terminal", Status: good, Text: fmt.Sprintf("%s, %dx%d", os.Getenv("TERM"), w, h)}
		if w < 40 || h < 8 {
			f.Status, f.Advice = warning, "Make it at least 40x8; 100x24 shows the sidebar, 140x36 cover and lyrics too."
		}
		all = append(all, f)
	}
	if app.UTF8Locale() {
		all = append(all, finding{Part: "terminal", Status: good, Text: "the locale is UTF-8"})
	} else {
		all = append(all, finding{"terminal", warning, "the locale is not UTF-8: lines are drawn with ASCII", "Set LANG=C.UTF-8, or screen.ascii = \"off\" if the terminal can do it anyway."})
	}
	switch c := os.Getenv("COLORTERM"); {
	case os.Getenv("NO_COLOR") != "":
		all = append(all, finding{Part: "terminal", Status: good, Text: "NO_COLOR is set: no colours"})
	case c == "truecolor" || c == "24bit":
		all = append(all, finding{Part: "terminal", Status: good, Text: "16 million colours"})
	default:
		all = append(all, finding{Part: "terminal", Status: good, Text: "colours as " + os.Getenv("TERM") + " says; COLORTERM=truecolor promises more"})
	}
	return all
}

func places(cfg *config.Config, f app.Folders) []finding {
	var all []finding
	for _, p := range []struct{ what, dir, loss string }{
		{"library and playlists", f.Data, "the library's index, plays and playlists"},
		{"queue and position", f.State, "queue, position and log"},
	} {
		if err := app.Usable(p.dir); err != nil {
			all = append(all, finding{"folders", failure, fmt.Sprintf("%s: %s: %v", p.what, orNone(p.dir), err), "Without it these are not kept: " + p.loss + "."})
			continue
		}
		all = append(all, finding{Part: "folders", Status: good, Text: p.what + ": " + p.dir})
	}
	music := cfg.Library.Folders
	if len(music) == 0 && f.Music != "" {
		music = []string{f.Music}
	}
	if len(music) == 0 {
		return append(all, finding{"folders", warning, "no music folder", "Set library.folders in the config, or fill ~/Music; until then there is the sampler."})
	}
	for _, m := range music {
		all = append(all, musicFolder(m))
	}
	return all
}

func musicFolder(dir string) finding {
	start := time.Now()
	entries, err := os.ReadDir(dir)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return finding{"folders", failure, fmt.Sprintf("music: %s: %v", dir, err), "Correct library.folders in the config, or mount the disk."}
	}
	f := finding{Part: "folders", Status: good, Text: fmt.Sprintf("music: %s, %d entries", dir, len(entries))}
	if d := time.Since(start); d > time.Second {
		f.Status, f.Advice = warning, fmt.Sprintf("It took %.1f s to list: scans of it will be slow.", d.Seconds())
	}
	return f
}

func orNone(dir string) string {
	if dir == "" {
		return "none"
	}
	return dir
}

func settings(cfg *config.Config) []finding {
	var all []finding
	for _, p := range cfg.Problems {
		all = append(all, finding{"config", warning, p.Error(), "segue config check says it again; segue config show shows what holds."})
	}
	m, notes := app.Keymap(cfg)
	for _, e := range m.Lint() {
		notes = append(notes, e.Error())
	}
	for _, n := range notes {
		all = append(all, finding{"keys", warning, n, "segue keys --lint checks them again."})
	}
	wrong, err := app.CheckAccounts(cfg)
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	for _, n := range wrong {
		all = append(all, finding{"config", warning, n, "segue config check says it again."})
	}
	if len(all) == 0 {
		all = append(all, finding{Part: "config", Status: good, Text: cfg.Path + ": no mistakes"})
	}
	return all
}
