#include "day.h"

#include <algorithm>
#include <istream>
#include <sstream>

#include "example_board.h"
#include "world.h"

namespace day {

namespace {

constexpr uint32_t kSecond = 1000;

// Reading.

bool read_moment(const std::string& word, uint32_t& moment) {
    std::istringstream in(word);
    uint32_t hours = 0;
    uint32_t minutes = 0;
    uint32_t seconds = 0;
    char first = 0;
    char second = 0;
    in >> hours >> first >> minutes >> second >> seconds;
    moment = ((hours * 60 + minutes) * 60 + seconds) * kSecond;
    return in && in.eof() && first == ':' && second == ':' && hours < 24 && minutes < 60 && seconds < 60;
}

bool read_duration(const std::string& word, uint32_t& duration) {
    duration = 0;
    if (word == "-") {
        return true;
    }
    std::istringstream in(word);
    char unit = 0;
    in >> duration >> unit;
    duration *= unit == 'm' ? 60 * kSecond : kSecond;
    return in && (unit == 'm' || unit == 's') && duration > 0;
}

bool read_reason(const std::string& word, int& reason) {
    reason = -1;
    if (word == "-") {
        return true;
    }
    std::istringstream in(word);
    in >> reason;
    return in && in.eof() && reason >= 0 && reason <= 255;
}

bool read_kind(const std::string& word, Kind& kind) {
    static const std::pair<const char*, Kind> kinds[] = {
        {"away", Kind::Away}, {"no_address", Kind::NoAddress}, {"dead", Kind::Dead},
        {"forgotten", Kind::Forgotten}, {"kick", Kind::Kick},
    };
    for (const auto& [name, known] : kinds) {
        if (word == name) {
            kind = known;
            return true;
        }
    }
    return false;
}

bool read_trouble(const std::string& line, Trouble& trouble) {
    std::istringstream in(line);
    std::string at;
    std::string kind;
    std::string lost;
    std::string refused;
    std::string lasts;
    std::string every;
    in >> at >> kind >> lost >> refused >> lasts >> every >> std::ws;
    std::getline(in, trouble.title);
    if (!read_moment(at, trouble.at) || !read_kind(kind, trouble.kind) || !read_reason(lost, trouble.lost) ||
        !read_reason(refused, trouble.refused) || !read_duration(lasts, trouble.lasts) ||
        !read_duration(every, trouble.every) || trouble.title.empty()) {
        return false;
    }
    const bool is_whole = trouble.kind == Kind::Kick
                              ? trouble.lost >= 0 && (trouble.every > 0) == (trouble.lasts > 0)
                              : trouble.lasts > 0 && (trouble.kind == Kind::Away) == (trouble.refused >= 0);
    const uint32_t hour_ends = trouble.at - trouble.at % kHour + kHour;
    return is_whole && trouble.end() <= hour_ends;  // else begun_at() would cut it in two
}

// Playing: one set of words for both boards.

class Board {
  public:
    Board() = default;
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;
    virtual ~Board() = default;

    virtual void network_takes(bool accepts, int refusal) = 0;
    virtual void dhcp_gives(bool gives) = 0;
    virtual void traffic_passes(bool passes) = 0;
    virtual void lose_address() = 0;
    virtual void lose(uint8_t reason) = 0;
    virtual void step() = 0;
    virtual Condition condition() const = 0;
    virtual uint32_t step_lasts() const = 0;

    bool joined() const {
        const Condition now = condition();
        return now == Condition::Up || now == Condition::Dead || now == Condition::NoAddress;
    }
};

class VedetteCam : public Board {
  public:
    void network_takes(bool accepts, int refusal) override {
        m_world.reachable = accepts;
        if (!accepts) {
            m_world.refusal = static_cast<uint8_t>(refusal);
        }
    }
    void dhcp_gives(bool gives) override { m_world.gives_address = gives; }
    void traffic_passes(bool passes) override { m_world.passes_traffic = passes; }
    void lose_address() override { m_world.lose_address(); }
    void lose(uint8_t reason) override { m_world.kick(reason); }
    Condition condition() const override { return m_world.condition(); }
    uint32_t step_lasts() const override { return vedette::World::kStep; }
    void step() override {
        if (condition() == Condition::Up) {
            m_world.traffic();
        }
        m_world.run(vedette::World::kStep);
    }

  private:
    vedette::World m_world{0};
};

class Espressifs : public Board {
  public:
    explicit Espressifs(Sketch sketch) : m_board(sketch, 0) {}

    void network_takes(bool accepts, int refusal) override {
        m_board.accepts = accepts;
        if (!accepts) {
            m_board.refusal = static_cast<uint8_t>(refusal);
        }
    }
    void dhcp_gives(bool gives) override { m_board.gives_address = gives; }
    void traffic_passes(bool passes) override { m_board.passes_traffic = passes; }
    void lose_address() override { m_board.lose_address(); }
    void lose(uint8_t reason) override { m_board.lose(reason); }
    Condition condition() const override { return m_board.condition(); }
    uint32_t step_lasts() const override { return ExampleBoard::kStep; }
    void step() override { m_board.run(ExampleBoard::kStep); }

  private:
    ExampleBoard m_board;
};

// One trouble, while it lasts.
class Happening {
  public:
    explicit Happening(const Trouble& trouble) : m_trouble(trouble) {}

    void tick(Board& board, uint32_t now) {
        if (!m_begun && now >= m_trouble.at) {
            m_begun = true;
            begin(board);
        }
        if (!m_begun || m_ended) {
            return;
        }
        if (m_trouble.kind == Kind::Kick && m_trouble.every > 0 && now > m_trouble.at && now < m_trouble.end() &&
            (now - m_trouble.at) % m_trouble.every == 0) {
            kick(board);
        }
        m_rejoined = m_rejoined || !board.joined();
        if (now >= m_trouble.end() || (m_trouble.kind == Kind::Forgotten && m_rejoined)) {
            m_ended = true;
            end(board);
        }
    }

  private:
    void begin(Board& board) {
        switch (m_trouble.kind) {
            case Kind::Away:
                board.network_takes(false, m_trouble.refused);
                kick(board);
                break;
            case Kind::NoAddress:
                board.dhcp_gives(false);
                board.lose_address();
                break;
            case Kind::Dead:
            case Kind::Forgotten:
                board.traffic_passes(false);
                break;
            case Kind::Kick:
                kick(board);
                break;
        }
    }

    void end(Board& board) {
        switch (m_trouble.kind) {
            case Kind::Away:
                board.network_takes(true, 0);
                break;
            case Kind::NoAddress:
                board.dhcp_gives(true);
                break;
            case Kind::Dead:
            case Kind::Forgotten:
                board.traffic_passes(true);
                break;
            case Kind::Kick:
                break;
        }
    }

    // Who has not joined cannot be sent away.
    void kick(Board& board) {
        if (m_trouble.lost >= 0 && board.joined()) {
            board.lose(static_cast<uint8_t>(m_trouble.lost));
        }
    }

    Trouble m_trouble;
    bool m_begun = false;
    bool m_ended = false;
    bool m_rejoined = false;  // has not been joined for a moment
};

void note(std::vector<Stretch>& stretches, uint32_t at, Condition condition) {
    if (stretches.empty() || stretches.back().condition != condition) {
        stretches.push_back({at, condition});
    }
}

std::vector<Stretch> play_to(const std::vector<Trouble>& troubles, Board& board) {
    std::vector<Happening> happenings(troubles.begin(), troubles.end());
    std::vector<Stretch> stretches;
    for (uint32_t now = 0; now < kDay; now += board.step_lasts()) {
        // What ends comes before what begins: one trouble may take over from another.
        for (Happening& happening : happenings) {
            happening.tick(board, now);
        }
        note(stretches, now, board.condition());
        board.step();
    }
    return stretches;
}

}  // namespace

bool read_script(std::istream& text, std::vector<Trouble>& troubles, std::string& mistake) {
    std::string line;
    for (unsigned number = 1; std::getline(text, line); ++number) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        Trouble trouble;
        if (!read_trouble(line, trouble) || (!troubles.empty() && trouble.at < troubles.back().end())) {
            mistake = "line " + std::to_string(number) + ": " + line;
            return false;
        }
        troubles.push_back(trouble);
    }
    return true;
}

std::vector<Trouble> begun_at(const std::vector<Trouble>& troubles, unsigned hours) {
    std::vector<Trouble> turned = troubles;
    for (Trouble& trouble : turned) {
        trouble.at = (trouble.at + kDay - hours % 24 * kHour) % kDay;
    }
    std::sort(turned.begin(), turned.end(), [](const Trouble& a, const Trouble& b) { return a.at < b.at; });
    return turned;
}

std::vector<Stretch> play(const std::vector<Trouble>& troubles, Behaviour behaviour) {
    switch (behaviour) {
        case Behaviour::VedetteCam: {
            VedetteCam board;
            return play_to(troubles, board);
        }
        case Behaviour::Example: {
            Espressifs board(Sketch::AsItIs);
            return play_to(troubles, board);
        }
        case Behaviour::FiveMinutes: {
            Espressifs board(Sketch::FiveMinutes);
            return play_to(troubles, board);
        }
        case Behaviour::Patched:
            break;
    }
    Espressifs board(Sketch::Patched);
    return play_to(troubles, board);
}

std::vector<Stretch> network(const std::vector<Trouble>& troubles) {
    std::vector<Stretch> stretches;
    note(stretches, 0, Condition::Up);
    for (const Trouble& trouble : troubles) {
        if (trouble.kind == Kind::Kick || trouble.kind == Kind::Forgotten) {
            continue;
        }
        if (stretches.back().at == trouble.at) {
            stretches.pop_back();  // one trouble takes over from another
        }
        note(stretches, trouble.at, Condition::Waiting);
        note(stretches, trouble.end(), Condition::Up);
    }
    return stretches;
}

}  // namespace day
