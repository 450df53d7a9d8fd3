//! The headers that the Spine Secure Proxy hands on.
//! Not for the token, which `token` checks.
//!
//! Source: GP Connect 1.6.2-beta, security guidance, secure connection negotiation.

use super::checks::{
    Checks, Refusal, SSP_FROM, SSP_INTERACTION, SSP_INTERACTION_OTHER, SSP_TO, SSP_TO_OTHER,
    SSP_TRACEID,
};
use super::routes::Route;
use crate::request::Request;

/// Refuses a request whose Ssp headers are not there or not right.
pub(crate) fn check(
    request: &Request,
    route: &Route,
    asid: &str,
    checks: &Checks<'_>,
) -> Result<(), Refusal> {
    let header = |name: &str| request.header(name).unwrap_or_default().trim().to_owned();
    let missing = |name: &str| format!("the header {name} is missing");
    let here = |name: &str| !header(name).is_empty();
    checks.hold(SSP_TRACEID, here("ssp-traceid"), missing("Ssp-TraceID"))?;
    checks.hold(SSP_FROM, here("ssp-from"), missing("Ssp-From"))?;
    checks.hold(SSP_TO, here("ssp-to"), missing("Ssp-To"))?;
    let to = header("ssp-to");
    checks.hold(
        SSP_TO_OTHER,
        to.is_empty() || to == asid,
        "the header Ssp-To is not the ASID of this system",
    )?;
    checks.hold(
        SSP_INTERACTION,
        here("ssp-interactionid"),
        missing("Ssp-InteractionID"),
    )?;
    let interaction = header("ssp-interactionid");
    checks.hold(
        SSP_INTERACTION_OTHER,
        interaction.is_empty() || interaction == route.interaction(),
        format!(
            "the header Ssp-InteractionID is not {}",
            route.interaction()
        ),
    )
}
