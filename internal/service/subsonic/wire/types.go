package wire

// Reply is an answer: who answered, and of the parts the one that was asked for.
type Reply struct {
	Status        Text       `json:"status"`
	Version       Text       `json:"version"`
	Type          Text       `json:"type"`
	ServerVersion Text       `json:"serverVersion"`
	OpenSubsonic  Flag       `json:"openSubsonic"`
	Failure       One[Error] `json:"error"`

	Extensions   List[Extension]   `json:"openSubsonicExtensions"`
	User         One[User]         `json:"user"`
	MusicFolders One[MusicFolders] `json:"musicFolders"`
	Indexes      One[Indexes]      `json:"indexes"`
	Artists      One[Indexes]      `json:"artists"`
	Directory    One[Directory]    `json:"directory"`
	Artist       One[Artist]       `json:"artist"`
	Album        One[Album]        `json:"album"`
	Song         One[Song]         `json:"song"`
	Genres       One[Genres]       `json:"genres"`
	AlbumList    One[Found]        `json:"albumList2"`
	RandomSongs  One[Found]        `json:"randomSongs"`
	SongsByGenre One[Found]        `json:"songsByGenre"`
	SearchResult One[Found]        `json:"searchResult3"`
	Starred      One[Found]        `json:"starred2"`
	SimilarSongs One[Found]        `json:"similarSongs2"`
	TopSongs     One[Found]        `json:"topSongs"`
	Playlists    One[Playlists]    `json:"playlists"`
	Playlist     One[Playlist]     `json:"playlist"`
	NowPlaying   One[Entries]      `json:"nowPlaying"`
	Lyrics       One[Lyrics]       `json:"lyrics"`
	LyricsList   One[LyricsList]   `json:"lyricsList"`
	Stations     One[Stations]     `json:"internetRadioStations"`
	Podcasts     One[Podcasts]     `json:"podcasts"`
	Bookmarks    One[Bookmarks]    `json:"bookmarks"`
	Shares       One[Shares]       `json:"shares"`
	PlayQueue    One[PlayQueue]    `json:"playQueue"`
	QueueByIndex One[PlayQueue]    `json:"playQueueByIndex"`
	ScanStatus   One[ScanStatus]   `json:"scanStatus"`
}

// Extension is one that an OpenSubsonic server offers.
type Extension struct {
	Name     Text      `json:"name"`
	Versions List[Int] `json:"versions"`
}

// User is an account of the server, and what it may do.
type User struct {
	Name Text `json:"username"`
}

// MusicFolders are the tops of the server's folders.
type MusicFolders struct {
	Folders List[Folder] `json:"musicFolder"`
}

// Folder has an id and a name.
type Folder struct {
	ID   ID   `json:"id"`
	Name Text `json:"name"`
}

// Indexes are artists, or top folders, by letter.
type Indexes struct {
	Index   List[Index]  `json:"index"`
	Songs   List[Song]   `json:"child"`
	Artists List[Artist] `json:"artist"` // of servers that forget the letters
}

// All are the artists of all letters, in order.
func (x Indexes) All() []Artist {
	all := append([]Artist(nil), x.Artists...)
	for _, i := range x.Index {
		all = append(all, i.Artists...)
	}
	return all
}

// Index is one letter.
type Index struct {
	Artists List[Artist] `json:"artist"`
}

// Artist is an artist or, in Indexes of folders, a folder.
type Artist struct {
	ID         ID          `json:"id"`
	Name       Text        `json:"name"`
	CoverArt   ID          `json:"coverArt"`
	AlbumCount Int         `json:"albumCount"`
	Starred    Time        `json:"starred"`
	Albums     List[Album] `json:"album"`
}

// Album is a release.
type Album struct {
	ID          ID           `json:"id"`
	Name        Text         `json:"name"`
	Title       Text         `json:"title"` // of lists by folder
	Artist      Text         `json:"artist"`
	ArtistID    ID           `json:"artistId"`
	Artists     List[Person] `json:"artists"`
	CoverArt    ID           `json:"coverArt"`
	SongCount   Int          `json:"songCount"`
	Duration    Int          `json:"duration"` // seconds
	Created     Time         `json:"created"`
	Starred     Time         `json:"starred"`
	PlayCount   Int          `json:"playCount"`
	Rating      Int          `json:"userRating"`
	Year        Int          `json:"year"`
	Genre       Text         `json:"genre"`
	Genres      List[Named]  `json:"genres"`
	ReleaseDate One[Date]    `json:"originalReleaseDate"`
	Discs       List[Disc]   `json:"discTitles"`
	Songs       List[Song]   `json:"song"`
}

// Person is an artist where another thing names one.
type Person struct {
	ID   ID   `json:"id"`
	Name Text `json:"name"`
}

// Named is a name in an object.
type Named struct {
	Name Text `json:"name"`
}

// Date is a day, or less of one.
type Date struct {
	Year  Int `json:"year"`
	Month Int `json:"month"`
	Day   Int `json:"day"`
}

// Disc is one of an album.
type Disc struct {
	Disc  Int  `json:"disc"`
	Title Text `json:"title"`
}

// Song is a track, an episode or, with IsDir, a folder.
type Song struct {
	ID           ID           `json:"id"`
	IsDir        Flag         `json:"isDir"`
	IsVideo      Flag         `json:"isVideo"`
	Type         Text         `json:"type"`
	Title        Text         `json:"title"`
	Name         Text         `json:"name"`
	Album        Text         `json:"album"`
	AlbumID      ID           `json:"albumId"`
	Artist       Text         `json:"artist"`
	ArtistID     ID           `json:"artistId"`
	Artists      List[Person] `json:"artists"`
	AlbumArtists List[Person] `json:"albumArtists"`
	Track        Int          `json:"track"`
	Disc         Int          `json:"discNumber"`
	Year         Int          `json:"year"`
	Genre        Text         `json:"genre"`
	Genres       List[Named]  `json:"genres"`
	CoverArt     ID           `json:"coverArt"`
	Size         Int          `json:"size"`
	Suffix       Text         `json:"suffix"`
	Duration     Int          `json:"duration"` // seconds
	BitRate      Int          `json:"bitRate"`  // kbit/s, of some servers bit/s: see Kbps
	BitDepth     Int          `json:"bitDepth"`
	SamplingRate Int          `json:"samplingRate"`
	Channels     Int          `json:"channelCount"`
	Path         Text         `json:"path"`
	Created      Time         `json:"created"`
	Starred      Time         `json:"starred"`
	Played       Time         `json:"played"`
	PlayCount    Int          `json:"playCount"`
	Rating       Int          `json:"userRating"`
	ReplayGain   One[Gain]    `json:"replayGain"`
	// Of those who are listening.
	Username   Text `json:"username"`
	MinutesAgo Int  `json:"minutesAgo"`
}

// Kbps is the bit rate in kbit/s, whichever the server counts in: no music has more
// than 20,000 kbit/s, and none that is worth a number less than 20,000 bit/s.
func (s Song) Kbps() int {
	n := max(int64(s.BitRate), 0)
	if n > 20_000 {
		n /= 1000
	}
	return int(min(n, 1_000_000))
}

// Gain is ReplayGain: decibels and linear peaks.
type Gain struct {
	TrackGain Float `json:"trackGain"`
	AlbumGain Float `json:"albumGain"`
	TrackPeak Float `json:"trackPeak"`
	AlbumPeak Float `json:"albumPeak"`
}

// Directory is a folder.
type Directory struct {
	Name     Text       `json:"name"`
	Children List[Song] `json:"child"`
}

// Genres are all genres.
type Genres struct {
	Genres List[Genre] `json:"genre"`
}

// Genre is one, with its counts.
type Genre struct {
	Value  Text `json:"value"`
	Name   Text `json:"name"` // of servers that call it so
	Songs  Int  `json:"songCount"`
	Albums Int  `json:"albumCount"`
}

// Found is an answer with rows of several kinds.
type Found struct {
	Artists List[Artist] `json:"artist"`
	Albums  List[Album]  `json:"album"`
	Songs   List[Song]   `json:"song"`
}

// Entries are songs under another key.
type Entries struct {
	Entries List[Song] `json:"entry"`
}

// Playlists are those that the user sees.
type Playlists struct {
	Playlists List[Playlist] `json:"playlist"`
}

// Playlist is one, with its entries where it was asked for.
type Playlist struct {
	ID        ID         `json:"id"`
	Name      Text       `json:"name"`
	Comment   Text       `json:"comment"`
	Owner     Text       `json:"owner"`
	Public    Flag       `json:"public"`
	ReadOnly  Flag       `json:"readonly"`
	SongCount Int        `json:"songCount"`
	Duration  Int        `json:"duration"` // seconds
	Changed   Time       `json:"changed"`
	CoverArt  ID         `json:"coverArt"`
	Entries   List[Song] `json:"entry"`
}

// Lyrics are plain ones.
type Lyrics struct {
	Value Raw `json:"value"`
}

// LyricsList are the lyrics of one song in several forms.
type LyricsList struct {
	Structured List[StructuredLyrics] `json:"structuredLyrics"`
}

// StructuredLyrics are lyrics by line.
type StructuredLyrics struct {
	Synced Flag       `json:"synced"`
	Offset Int        `json:"offset"` // ms; positive = earlier
	Kind   Text       `json:"kind"`
	Lines  List[Line] `json:"line"`
}

// Line of lyrics.
type Line struct {
	Start Int  `json:"start"` // ms
	Value Text `json:"value"`
}

// Stations are internet radio stations.
type Stations struct {
	Stations List[Station] `json:"internetRadioStation"`
}

// Station is an internet radio station.
type Station struct {
	Name      Text `json:"name"`
	StreamURL Raw  `json:"streamUrl"`
}

// Podcasts are channels.
type Podcasts struct {
	Channels List[Channel] `json:"channel"`
}

// Channel is a podcast.
type Channel struct {
	ID       ID            `json:"id"`
	Title    Text          `json:"title"`
	URL      Raw           `json:"url"`
	CoverArt ID            `json:"coverArt"`
	Why      Text          `json:"errorMessage"`
	Episodes List[Episode] `json:"episode"`
}

// Episode of a podcast.
type Episode struct {
	Song
	StreamID    ID   `json:"streamId"`
	PublishDate Time `json:"publishDate"`
	Status      Text `json:"status"` // completed = it can be played
}

// Bookmarks are places in tracks.
type Bookmarks struct {
	Bookmarks List[Bookmark] `json:"bookmark"`
}

// Bookmark is a place in a track.
type Bookmark struct {
	Position Int       `json:"position"` // ms
	Entry    One[Song] `json:"entry"`
}

// Shares are public links.
type Shares struct {
	Shares List[Share] `json:"share"`
}

// Share is a public link to songs.
type Share struct {
	ID          ID         `json:"id"`
	URL         Raw        `json:"url"`
	Description Text       `json:"description"`
	Visits      Int        `json:"visitCount"`
	Entries     List[Song] `json:"entry"`
}

// PlayQueue is the queue that was saved on the server.
type PlayQueue struct {
	Current   ID         `json:"current"`
	Index     Int        `json:"currentIndex"` // in a QueueByIndex
	Position  Int        `json:"position"`     // ms
	Changed   Time       `json:"changed"`
	ChangedBy Text       `json:"changedBy"`
	Entries   List[Song] `json:"entry"`
}

// ScanStatus is how far the server's scan is.
type ScanStatus struct {
	Scanning Flag `json:"scanning"`
	Count    Int  `json:"count"`
}
