//! Mistakes on the way to the system: names, ports, paths, proxies, certificates.
//! Not for what the system is asked, or as whom.

use super::{CONFIGURATION, Fault, Run, UNREACHABLE};
use crate::misconfigured::stage::{PASSWORD_VARIABLE, Setting, mute, proxy, trusting};
use crate::stand_in::{Issuer, StandIn, nowhere, silent};
use std::fs;

fn client_certificate(certificate: &str, key: &str) -> String {
    format!("[connection.client_certificate]\ncertificate = \"{certificate}\"\nkey = \"{key}\"")
}

pub const FAULTS: &[Fault] = &[
    Fault {
        id: "host-name",
        what: "a host name that does not exist",
        field: "base_urls.default",
        fix: "Correct the host name",
        doctor: 4,
        run: CONFIGURATION,
        set: |_| Setting::of("http://nowhere.invalid/fhir"),
    },
    Fault {
        id: "port",
        what: "a port at which nothing listens",
        field: "base_urls.default",
        fix: "Correct host and port",
        doctor: 4,
        run: UNREACHABLE,
        set: |_| Setting::of(format!("http://{}/fhir", nowhere())),
    },
    Fault {
        id: "firewall",
        what: "a port that accepts connections and never answers",
        field: "base_urls.default",
        fix: "check that a firewall lets this machine through",
        doctor: 4,
        run: UNREACHABLE,
        set: |_| Setting::of(format!("http://{}/fhir", mute())),
    },
    Fault {
        id: "other-service",
        what: "the port of a service that does not speak HTTP",
        field: "base_urls.default",
        fix: "Check the port",
        doctor: 2,
        run: CONFIGURATION,
        set: |_| Setting::of(format!("http://{}/fhir", silent())),
    },
    Fault {
        id: "http-for-https",
        what: "http:// where the system speaks TLS",
        field: "base_urls.default",
        fix: "write https:// in place of http://",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = stage.encrypted(stage.issuer.certify("127.0.0.1"));
            Setting::of(system.base("http"))
        },
    },
    Fault {
        id: "https-for-http",
        what: "https:// where the system does not speak TLS",
        field: "base_urls.default",
        fix: "write http://",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| Setting::of(stage.plain().base("https")),
    },
    Fault {
        id: "path-missing",
        what: "a base address without its path",
        field: "base_urls.default",
        fix: "Correct the path",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let well = stage.well();
            let system = StandIn::plain(move |asked| {
                if asked.place.starts_with("/fhir/") {
                    well(asked)
                } else {
                    (
                        404,
                        "content-type: text/html\r\n",
                        "<html>Not found</html>".to_owned(),
                    )
                }
            });
            Setting::of(format!("http://{}", system.address))
        },
    },
    Fault {
        id: "path-doubled",
        what: "a base address with its path twice",
        field: "base_urls.default",
        fix: "Correct the path",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| Setting::of(format!("{}/fhir", stage.plain().base("http"))),
    },
    Fault {
        id: "another-product",
        what: "the address of a product that speaks JSON, but not FHIR",
        field: "base_urls.default",
        fix: "Write the base address of the FHIR interface",
        doctor: 2,
        run: CONFIGURATION,
        set: |_| {
            let kind = "content-type: application/json\r\n";
            let other = StandIn::plain(move |_| (200, kind, r#"{"status":"up"}"#.to_owned()));
            Setting::of(other.base("http"))
        },
    },
    Fault {
        id: "sign-in-page",
        what: "an address at which a page asks people to sign in",
        field: "base_urls.default",
        fix: "Write the base address of the FHIR interface",
        doctor: 2,
        run: CONFIGURATION,
        set: |_| {
            let page = "<!DOCTYPE html><html>Please sign in</html>";
            let other =
                StandIn::plain(move |_| (200, "content-type: text/html\r\n", page.to_owned()));
            Setting::of(other.base("http"))
        },
    },
    Fault {
        id: "moved",
        what: "an address that sends everybody on to another one",
        field: "base_urls.default",
        fix: "Write the address at which the FHIR interface itself answers",
        doctor: 2,
        run: CONFIGURATION,
        set: |_| {
            let moved = StandIn::plain(|_| (301, "location: /r4\r\n", String::new()));
            Setting::of(moved.base("http"))
        },
    },
    Fault {
        id: "host-address",
        what: "a wrong address in [connection.hosts]",
        field: "connection.hosts",
        fix: "Correct host and port",
        doctor: 4,
        run: UNREACHABLE,
        set: |_| {
            let hosts = format!("[connection.hosts]\n\"fhir.example\" = \"{}\"", nowhere());
            Setting::of("http://fhir.example/fhir").connection(hosts)
        },
    },
    Fault {
        id: "proxy-dead",
        what: "a proxy that does not run",
        field: "connection.proxy",
        fix: "Correct the proxy",
        doctor: 4,
        run: CONFIGURATION,
        set: |_| {
            let proxy = format!("[connection]\nproxy = \"http://{}\"", nowhere());
            Setting::of("http://fhir.invalid/fhir").connection(proxy)
        },
    },
    Fault {
        id: "proxy-password",
        what: "a proxy that wants a password",
        field: "connection.proxy",
        fix: "Correct the proxy",
        doctor: 2,
        run: CONFIGURATION,
        set: |_| {
            let proxy = format!("[connection]\nproxy = \"http://{}\"", proxy(407));
            Setting::of("http://fhir.invalid/fhir").connection(proxy)
        },
    },
    Fault {
        id: "issuer-unknown",
        what: "a server certificate from an issuer that is not named",
        field: "connection.trust_roots",
        fix: "name the issuer's certificate in `trust_roots`",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = stage.encrypted(stage.issuer.certify("127.0.0.1"));
            Setting::of(system.base("https"))
        },
    },
    Fault {
        id: "trust-file-absent",
        what: "a file of trusted certificates that is not there",
        field: "connection.trust_roots",
        fix: "Name files that hold certificates in PEM form",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            Setting::of(stage.plain().base("http"))
                .connection("[connection]\ntrust_roots = [\"absent.pem\"]")
        },
    },
    Fault {
        id: "trust-file-not-pem",
        what: "a file of trusted certificates that holds none",
        field: "connection.trust_roots",
        fix: "Name files that hold certificates in PEM form",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            Setting::of(stage.plain().base("http"))
                .connection("[connection]\ntrust_roots = [\"empty.pem\"]")
        },
    },
    Fault {
        id: "certificate-expired",
        what: "a server certificate that is over",
        field: "base_urls.default",
        fix: "Have the certificate of this address renewed",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = stage.encrypted(stage.dated(2019, 2020));
            Setting::of(system.base("https")).connection(trusting(""))
        },
    },
    Fault {
        id: "certificate-not-yet",
        what: "a server certificate that is not valid yet",
        field: "base_urls.default",
        fix: "check the clock of this machine",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = stage.encrypted(stage.dated(2090, 2095));
            Setting::of(system.base("https")).connection(trusting(""))
        },
    },
    Fault {
        id: "certificate-name",
        what: "a server certificate for another name than that of the address",
        field: "base_urls.default",
        fix: "Write the host name that the certificate is for",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = stage.encrypted(stage.issuer.certify("real.example"));
            let hosts = format!(
                "[connection.hosts]\n\"fhir.example\" = \"{}\"",
                system.address
            );
            Setting::of("https://fhir.example/fhir").connection(trusting(&hosts))
        },
    },
    Fault {
        id: "client-certificate-missing",
        what: "a system that wants a client certificate, and none is named",
        field: "connection.client_certificate",
        fix: "Name a certificate and its key",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = stage.encrypted(stage.guarded());
            Setting::of(system.base("https")).connection(trusting(""))
        },
    },
    Fault {
        id: "client-certificate-issuer",
        what: "a client certificate from an issuer that the system does not know",
        field: "connection.client_certificate",
        fix: "Name a certificate from an issuer that the system accepts",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            stage.write_client(&Issuer::new());
            let system = stage.encrypted(stage.guarded());
            let own = client_certificate("client.pem", "client.key");
            Setting::of(system.base("https")).connection(trusting(&own))
        },
    },
    Fault {
        id: "client-key",
        what: "a client certificate with the key of another",
        field: "connection.client_certificate.key",
        fix: "Name the key that the certificate was asked for with",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            stage.write_client(&stage.clients);
            fs::rename(
                stage.folder.path().join("client.pem"),
                stage.folder.path().join("other.pem"),
            )
            .unwrap();
            stage.write_client(&stage.clients);
            let system = stage.encrypted(stage.guarded());
            let own = client_certificate("other.pem", "client.key");
            Setting::of(system.base("https")).connection(trusting(&own))
        },
    },
    Fault {
        id: "client-password",
        what: "a wrong password for a PKCS#12 file",
        field: "connection.client_certificate.password_env",
        fix: "password",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            let system = stage.encrypted(stage.guarded());
            let own = format!(
                "[connection.client_certificate]\npkcs12 = \"client.p12\"\npassword_env = \"{PASSWORD_VARIABLE}\""
            );
            let mut setting = Setting::of(system.base("https")).connection(trusting(&own));
            setting.variables.push((PASSWORD_VARIABLE, "another"));
            setting
        },
    },
];
