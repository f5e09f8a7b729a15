//! What theory expects of a job's caches.

use sim_core::InputError;
use sim_core::caching::{self, Capacity, Expiry, ExpiryRule, Policy};
use sim_core::theory::Che;

use crate::cache::job::Job;
use crate::cache::requests::Traffic;

/// Che's approximation of a workload whose requests are independent.
pub(crate) struct Theory {
    che: Che,
    mean_size: Option<f64>,
    expiry: Option<Expiry>,
    rate: f64,
}

impl Theory {
    /// The theory of a job's requests, where there is one.
    pub(crate) fn of(job: &Job) -> Result<Option<Self>, InputError> {
        let Traffic::Drawn { workload, .. } = &job.traffic else {
            return Ok(None);
        };
        let Some(popularity) = workload.keys.popularity() else {
            return Ok(None);
        };
        Ok(Some(Self {
            che: caching::law(&popularity)?,
            mean_size: workload.sizes.mean(),
            expiry: job.expiry,
            rate: job.rate,
        }))
    }

    /// The hit ratio of a cache in steady state, where a formula holds.
    pub(crate) fn hit_ratio(&self, policy: Policy, capacity: Capacity) -> Option<f64> {
        let objects = match capacity {
            Capacity::Objects(objects) => objects as f64,
            Capacity::Bytes(bytes) => bytes as f64 / self.mean_size?,
        };
        let found = match self.expiry {
            None => policy.approximation()?.hit_ratio(&self.che, objects),
            Some(expiry) if policy.keeps_everything() && expiry.jitter == 0.0 => {
                let requests = expiry.seconds * self.rate;
                match expiry.rule {
                    ExpiryRule::OnWrite => self.che.expiring_after_write(requests),
                    ExpiryRule::OnAccess => self.che.expiring_after_access(requests),
                }
            }
            Some(_) => return None,
        };
        // A time to live beyond all that theory is asked for has no line.
        found.ok()
    }
}
