//! What everybody would write for one policy, keys below a known number and nothing else: flat arrays by key. Each returns its hits.

use std::collections::VecDeque;

const NONE: u32 = u32::MAX;

/// Lists through one array of links by key; further entries are the lists' ends.
struct Links(Vec<[u32; 2]>);

impl Links {
    fn new(keys: u32, lists: u32) -> Self {
        let mut links = vec![[NONE; 2]; (keys + lists) as usize];
        for end in keys..keys + lists {
            links[end as usize] = [end; 2];
        }
        Self(links)
    }

    #[inline(always)]
    fn unlink(&mut self, key: u32) {
        let [before, after] = self.0[key as usize];
        self.0[before as usize][1] = after;
        self.0[after as usize][0] = before;
    }

    #[inline(always)]
    fn push(&mut self, end: u32, key: u32) {
        let head = self.0[end as usize][1];
        self.0[key as usize] = [end, head];
        self.0[head as usize][0] = key;
        self.0[end as usize][1] = key;
    }

    #[inline(always)]
    fn tail(&self, end: u32) -> u32 {
        self.0[end as usize][0]
    }
}

pub(crate) fn lru(requests: &[u32], keys: u32, capacity: u32) -> u64 {
    let mut links = Links::new(keys, 1);
    let (mut len, mut hits) = (0, 0);
    for &key in requests {
        if links.0[key as usize][0] != NONE {
            hits += 1;
            links.unlink(key);
        } else if len == capacity {
            let gone = links.tail(keys);
            links.unlink(gone);
            links.0[gone as usize] = [NONE; 2];
        } else {
            len += 1;
        }
        links.push(keys, key);
    }
    hits
}

pub(crate) fn fifo(requests: &[u32], keys: u32, capacity: u32) -> u64 {
    let mut there = vec![false; keys as usize];
    let mut ring = vec![NONE; capacity as usize];
    let (mut at, mut hits) = (0, 0);
    for &key in requests {
        if there[key as usize] {
            hits += 1;
            continue;
        }
        if ring[at] != NONE {
            there[ring[at] as usize] = false;
        }
        ring[at] = key;
        there[key as usize] = true;
        at += 1;
        if at == ring.len() {
            at = 0;
        }
    }
    hits
}

pub(crate) fn sieve(requests: &[u32], keys: u32, capacity: u32) -> u64 {
    let mut links = Links::new(keys, 1);
    // 0 is absent, 1 is there, 2 is visited.
    let mut state = vec![0_u8; keys as usize];
    let (mut len, mut hits, mut hand) = (0, 0, keys);
    for &key in requests {
        let known = &mut state[key as usize];
        if *known > 0 {
            *known = 2;
            hits += 1;
            continue;
        }
        *known = 1;
        if len == capacity {
            loop {
                if hand == keys {
                    hand = links.tail(keys);
                }
                let visited = &mut state[hand as usize];
                let next = links.0[hand as usize][0];
                if *visited == 1 {
                    *visited = 0;
                    links.unlink(hand);
                    hand = next;
                    break;
                }
                *visited = 1;
                hand = next;
            }
        } else {
            len += 1;
        }
        links.push(keys, key);
    }
    hits
}

/// Queues in rows: what leaves is read one after the other. A ghost that is asked for leaves its place behind.
pub(crate) fn s3_fifo(requests: &[u32], keys: u32, capacity: u32) -> u64 {
    let main_size = capacity - capacity / 10;
    let [mut small, mut main, mut ghosts] = [const { VecDeque::new() }; 3];
    // The number of each ghost's place, and of the next one's and the oldest one's.
    let mut place_of = vec![NONE; keys as usize];
    let (mut next_place, mut oldest) = (0_u32, 0_u32);
    // 0 is absent, 1 a ghost; else 2 and uses, and 6 more in the main queue.
    let mut state = vec![0_u8; keys as usize];
    let (mut in_ghosts, mut hits) = (0, 0);
    for &key in requests {
        let known = state[key as usize];
        if known >= 2 {
            state[key as usize] += u8::from((known - 2) % 6 < 3);
            hits += 1;
            continue;
        }
        if known == 1 {
            place_of[key as usize] = NONE;
            in_ghosts -= 1;
        }
        while small.len() + main.len() == capacity as usize {
            if main.len() > main_size as usize || small.is_empty() {
                let Some(tail) = main.pop_front() else {
                    break;
                };
                if state[tail as usize] == 8 {
                    state[tail as usize] = 0;
                } else {
                    state[tail as usize] -= 1;
                    main.push_back(tail);
                }
                continue;
            }
            let Some(tail) = small.pop_front() else {
                break;
            };
            if state[tail as usize] >= 4 {
                state[tail as usize] = 8;
                main.push_back(tail);
                continue;
            }
            state[tail as usize] = 1;
            ghosts.push_back(tail);
            place_of[tail as usize] = next_place;
            next_place += 1;
            in_ghosts += 1;
            while in_ghosts > main_size {
                let Some(forgotten) = ghosts.pop_front() else {
                    break;
                };
                if place_of[forgotten as usize] == oldest {
                    state[forgotten as usize] = 0;
                    in_ghosts -= 1;
                }
                oldest += 1;
            }
        }
        if known == 1 {
            state[key as usize] = 8;
            main.push_back(key);
        } else {
            state[key as usize] = 2;
            small.push_back(key);
        }
    }
    hits
}

pub(crate) fn arc(requests: &[u32], keys: u32, capacity: u32) -> u64 {
    const ABSENT: u8 = 4;
    let end = |list: usize| keys + [0, 1, 2, 3][list];
    let mut links = Links::new(keys, 4);
    // T1, T2, B1, B2.
    let mut list_of = vec![ABSENT; keys as usize];
    let mut len = [0_u32; 4];
    let (mut p, mut hits) = (0.0_f64, 0);
    for &key in requests {
        let known = usize::from(list_of[key as usize]);
        if known < 4 {
            links.unlink(key);
            len[known] -= 1;
        }
        if known < 2 {
            hits += 1;
        } else {
            let [b1, b2] = [len[2], len[3]].map(f64::from);
            if known == 2 {
                p = (p + (b2 / (b1 + 1.0)).max(1.0)).min(f64::from(capacity));
            } else if known == 3 {
                p = (p - (b1 / (b2 + 1.0)).max(1.0)).max(0.0);
            } else if len[0] + len[2] == capacity {
                let list = if len[2] > 0 { 2 } else { 0 };
                let gone = links.tail(end(list));
                links.unlink(gone);
                list_of[gone as usize] = ABSENT;
                len[list] -= 1;
            } else if len.iter().sum::<u32>() == 2 * capacity {
                let gone = links.tail(end(3));
                links.unlink(gone);
                list_of[gone as usize] = ABSENT;
                len[3] -= 1;
            }
            if len[0] + len[1] == capacity {
                let t1 = f64::from(len[0]);
                let recent = len[0] > 0 && (t1 > p || known == 3 && t1 == p);
                let (from, to) = if recent || len[1] == 0 {
                    (0, 2)
                } else {
                    (1, 3)
                };
                let gone = links.tail(end(from));
                links.unlink(gone);
                links.push(end(to), gone);
                list_of[gone as usize] += 2;
                len[from] -= 1;
                len[to] += 1;
            }
        }
        let to = usize::from(known < 4);
        links.push(end(to), key);
        list_of[key as usize] = u8::from(known < 4);
        len[to] += 1;
    }
    hits
}

pub(crate) fn lfu(requests: &[u32], keys: u32, capacity: u32) -> u64 {
    // A list for each frequency so far, and for none at all.
    let mut links = Links::new(keys, 2);
    let mut uses = vec![0_u32; keys as usize];
    let (mut len, mut hits, mut least) = (0, 0, 1);
    for &key in requests {
        let frequency = uses[key as usize];
        if frequency > 0 {
            hits += 1;
            links.unlink(key);
            if frequency == least && links.tail(keys + least) == keys + least {
                least += 1;
            }
        } else {
            if len == capacity {
                let gone = links.tail(keys + least);
                links.unlink(gone);
                uses[gone as usize] = 0;
            } else {
                len += 1;
            }
            least = 1;
        }
        uses[key as usize] = frequency + 1;
        let end = keys + frequency + 1;
        if end as usize == links.0.len() {
            links.0.push([end; 2]);
        }
        links.push(end, key);
    }
    hits
}
