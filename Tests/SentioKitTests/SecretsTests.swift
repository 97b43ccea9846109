import SentioKit
import Testing

@Suite struct SecretsTests {
    @Test(arguments: [
        "password", "db.password", "PASSWORD", "hf_token", "token", "secret", "clientSecret", "api_key", "apiKey", "aws.secret-access-key",
        "credentials",
    ])
    func namesOfSecrets(name: String) { #expect(Secrets.isSecret(name)) }

    @Test(arguments: ["tokens", "token_dim", "max_tokens", "tokenizer", "key", "keys", "monkey", "n_mels", "secretary", "passes"])
    func namesThatOnlyLookLikeThem(name: String) { #expect(!Secrets.isSecret(name)) }

    @Test func theyAreMaskedWhereverTheyStand() {
        var secrets = Secrets()
        secrets.add("hunter2")
        secrets.add("hunter2000")
        secrets.add(12345)
        #expect(secrets.masked("curl -u me:hunter2000 12345 hunter2") == "curl -u me:*** *** ***")
        #expect(
            secrets.masked(["cmd": ["echo hunter2", 12345, 5], "password": "abc", "n": 3]) == [
                "cmd": ["echo ***", "***", 5], "password": "***", "n": 3,
            ])
        #expect(
            secrets.masked(arguments: ["run", "p.yaml", "--set", "token=ab", "--set=api_key=x=y", "--set", "url=http://hunter2@h"]) == [
                "run", "p.yaml", "--set", "token=***", "--set=api_key=***", "--set", "url=http://***@h",
            ])
    }

    /// Three letters stand in too many words.
    @Test func aShortOneIsMaskedOnlyInItsOwnPlace() {
        var secrets = Secrets()
        secrets.add("abc")
        #expect(secrets.masked("abcdef") == "abcdef" && !secrets.isEmpty)
        #expect(secrets.masked("abc", of: "password") == "***")
    }
}
