//! A HAR as a browser exports it (HAR 1.2): only the members that matter to a login, in the shape of Chrome.

use serde_json::{Value, json};

/// One request and its answer.
pub struct Exchange<'e> {
    /// The time of the usual day at which the browser sent it: `10:00:01.250`.
    pub started: &'e str,
    pub method: &'e str,
    pub url: String,
    /// The body of a form.
    pub body: Option<String>,
    pub status: u16,
    pub location: Option<&'e str>,
    /// What the server's clock says, to the second: `10:00:01`.
    pub date: &'e str,
    /// The page that came back.
    pub page: Option<String>,
}

impl Exchange<'_> {
    fn entry(&self) -> Value {
        let mut headers = vec![json!({
            "name": "Date",
            "value": format!("Thu, 15 Jan 2026 {} GMT", self.date),
        })];
        headers.extend(self.location.map(|url| json!({ "name": "Location", "value": url })));
        let mut request =
            json!({ "method": self.method, "url": self.url, "httpVersion": "HTTP/2" });
        if let Some(body) = &self.body {
            let mime_type = "application/x-www-form-urlencoded";
            let body = json!({ "mimeType": mime_type, "text": body });
            request.as_object_mut().unwrap().insert("postData".to_owned(), body);
        }
        json!({
            "startedDateTime": format!("2026-01-15T{}Z", self.started),
            "time": 180.5,
            "request": request,
            "response": {
                "status": self.status,
                "headers": headers,
                "content": { "mimeType": "text/html", "text": self.page.as_deref().unwrap_or("") },
                "redirectURL": self.location.unwrap_or(""),
            },
        })
    }
}

/// The file.
pub fn har(exchanges: &[Exchange<'_>]) -> String {
    let entries: Vec<Value> = exchanges.iter().map(Exchange::entry).collect();
    let creator = json!({ "name": "WebInspector", "version": "537.36" });
    let log = json!({ "log": { "version": "1.2", "creator": creator, "entries": entries } });
    serde_json::to_string_pretty(&log).unwrap() + "\n"
}

/// The page with which an identity provider has the browser post a message.
pub fn auto_submit(action: &str, parameter: &str, value: &str, relay_state: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!doctype html><body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"{}\">\
         <input type=\"hidden\" name=\"{parameter}\" value=\"{}\"/>\
         <input type=\"hidden\" name=\"RelayState\" value=\"{}\"/></form></body>",
        escaped(action),
        escaped(value),
        escaped(relay_state),
    )
}
