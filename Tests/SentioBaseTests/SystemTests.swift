import SentioBase
import Testing

@Suite struct SystemTests {
    /// Functions, structures with their members, and what the overlay adds: `errno`, `S_IFMT`.
    @Test func theCLibraryIsSeenThroughTheModule() {
        var status = stat()
        #expect(stat("/", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR)
        #expect(stat("/no such folder", &status) == -1 && errno == ENOENT)
    }
}
