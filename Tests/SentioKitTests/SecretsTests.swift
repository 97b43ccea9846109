import SentioKit
import Testing

@Suite struct SecretsTests {
    @Test(arguments: [
        "password", "db.password", "PASSWORD", "hf_token", "token", "secret", "clientSecret", "api_key", "apiKey",
        "aws.secret-access-key",
        "credentials",
    ])
    func namesOfSecrets(name: String) { #expect(Secrets.isSecret(name)) }

    @Test(arguments: [
        "tokens", "token_dim", "max_tokens", "tokenizer", "key", "keys", "monkey", "n_mels", "secretary", "passes",
    ])
    func namesThatOnlyLookLikeThem(name: String) { #expect(!Secrets.isSecret(name)) }

    @Test func theyAreMaskedWhereverTheyStand() {
        var secrets = Secrets()
        secrets.add("hunter2")
        secrets.add("hunter2000")
        secrets.add(12_345_678)
        #expect(secrets.masked("curl -u me:hunter2000 12345678 hunter2") == "curl -u me:*** *** ***")
        #expect(
            secrets.masked(["cmd": ["echo hunter2", 12_345_678, 5], "password": "abc", "n": 3]) == [
                "cmd": ["echo ***", "***", 5], "password": "***", "n": 3,
            ])
        #expect(
            secrets.masked(arguments: [
                "run", "p.yaml", "--set", "token=ab", "--set=api_key=x=y", "--set", "url=http://hunter2@h",
            ]) == [
                "run", "p.yaml", "--set", "token=***", "--set=api_key=***", "--set", "url=http://***@h",
            ])
    }

    /// As `${password:q}` and JSON write it, and each line of a long one.
    @Test func otherSpellingsAreMaskedToo() throws {
        var secrets = Secrets()
        let password: Value = "hunter's\"2\\secret",
            key: Value = "-----BEGIN KEY-----\nabcdef'secretline\r\nshort\n-----END KEY-----\n"
        secrets.add(password)
        secrets.add(key)
        let quoted = try #require(ShellText.quoted(password))
        #expect(secrets.masked("true \(quoted)") == "true '***'")
        #expect(
            secrets.masked("{\"p\": \(JSON.text(password)), \"c\": \(JSON.text(.string(quoted)))}")
                == "{\"p\": \"***\", \"c\": \"'***'\"}")
        #expect(secrets.masked(JSON.text([key])) == "[\"***\"]" && secrets.masked(key) == "***")
        #expect(try secrets.masked(#require(ShellText.quoted(key))) == "'***'")
        #expect(secrets.masked("1 -----BEGIN KEY-----") == "1 ***")
        #expect(secrets.masked("abcdef'secretline") == "***" && secrets.masked(#"'abcdef'\''secretline'"#) == "'***'")
        #expect(secrets.masked("a short line") == "a short line", "a line of a few letters is no secret")
    }

    /// An accent may be written in two ways that Swift calls equal.
    @Test func secretsAreBytes() {
        var secrets = Secrets()
        secrets.add("caf\u{E9}-caf\u{E9}")
        secrets.add("cafe\u{301}-cafe\u{301}")
        #expect(secrets.masked("caf\u{E9}-caf\u{E9} cafe\u{301}-cafe\u{301}") == "*** ***")
    }

    /// Three letters stand in too many words.
    @Test func aShortOneIsMaskedOnlyInItsOwnPlace() {
        var secrets = Secrets()
        secrets.add("abc")
        #expect(secrets.masked("abcdef") == "abcdef" && !secrets.isEmpty)
        #expect(secrets.masked("abc", of: "password") == "***")
    }

    /// They would mask half of everything else that is printed.
    @Test(arguments: [
        "none", "None", "null", "test", "changeme", "dummy", "demo", "true", "FALSE", "1024", "1234567", "-12345",
        "3.14159", "1e-3", "ab",
        "",
    ])
    func anEverydayOneIsMaskedOnlyInItsOwnPlace(text: String) {
        var secrets = Secrets()
        secrets.add(.string(text))
        #expect(secrets.masked("with \(text) in it") == "with \(text) in it" && !secrets.isEmpty)
        #expect(secrets.masked(.string(text), of: "hf_token") == "***")
    }

    @Test func numbersAreJudgedByTheirDigits() {
        var secrets = Secrets()
        secrets.add(1024)
        secrets.add(12_345, written: "0000012345")
        secrets.add("none of it")
        #expect(secrets.masked("batch 1024, 12345, 0000012345, none of it") == "batch 1024, 12345, ***, ***")
        #expect(secrets.masked(["n": 1024, "train_token": 1024]) == ["n": 1024, "train_token": "***"])
    }

    @Test func aPlaceholderIsMaskedOnlyInItsOwnPlace() {
        var secrets = Secrets()
        secrets.addPlaceholder()
        #expect(!secrets.isEmpty && secrets.masked("a-long-default") == "a-long-default")
        #expect(secrets.masked(["hf_token": "a-long-default"]) == ["hf_token": "***"])
    }

    @Test func whatIsTooShortToBeMasked() {
        #expect(["abc", "1234567", "0.5"].allSatisfy(Secrets.isTooShort))
        #expect(!["", "abcd", "12345678", "none", "12ab"].contains(where: Secrets.isTooShort))
    }
}
